//! `[share]`: pictures of pages for those who share them, and icons.

use crate::schema::table;

table! {
    /// Pictures of pages, and icons.
    pub struct ShareSetting in "[share]" {
        /// Whether each page and section has a picture, for networks and messengers that show one where it is
        /// shared; where it is left out, those of portals with up to 1,000 pages have.
        images: Option<bool> = "true",
        /// Whether there are icons of the portal (`favicon.ico`, `apple-touch-icon.png` and others) and a web
        /// manifest; there are where it is left out.
        icons: Option<bool> = "true",
    }
}
