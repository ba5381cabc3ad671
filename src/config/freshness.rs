//! How old what readers rely on may become.

use crate::records::{Age, Aspect};
use crate::schema::table;

table! {
    /// How old what readers rely on may become. What is older is marked for the reader and reported to the
    /// publisher; what is left out does not age.
    pub struct FreshnessSetting in "[freshness]" {
        /// Of courses.
        course: Option<CourseFreshness> = "{ price = \"12 months\", verified = \"12 months\" }",
        /// Of salaries.
        salary: Option<SalaryFreshness> = "{ figures = \"24 months\" }",
        /// Of roles.
        role: Option<RoleFreshness> = "{ reviewed = \"24 months\" }",
        /// Of sources.
        source: Option<SourceFreshness> = "{ accessed = \"24 months\" }",
        /// Of pages.
        page: Option<PageFreshness> = "{ updated = \"36 months\" }",
    }
}

table! {
    /// How old what is said of a course may become.
    pub struct CourseFreshness in "[freshness.course]" {
        /// Its price (`as_of`).
        price: Option<Age> = "\"12 months\"",
        /// Its duration, extension and trial (`as_of`).
        duration: Option<Age> = "\"24 months\"",
        /// Its workload (`as_of`).
        workload: Option<Age> = "\"24 months\"",
        /// Its sessions that have not begun (`as_of`).
        sessions: Option<Age> = "\"6 months\"",
        /// Since somebody went through all of it (`verified`).
        verified: Option<Age> = "\"12 months\"",
    }
}

table! {
    /// How old what is said of pay may become.
    pub struct SalaryFreshness in "[freshness.salary]" {
        /// Each figure (`as_of`).
        figures: Option<Age> = "\"24 months\"",
    }
}

table! {
    /// How old what is said of a role may become.
    pub struct RoleFreshness in "[freshness.role]" {
        /// Since somebody went through all of it (`reviewed`).
        reviewed: Option<Age> = "\"24 months\"",
    }
}

table! {
    /// How long ago a source may have been read.
    pub struct SourceFreshness in "[freshness.source]" {
        /// Since somebody read it (`accessed`).
        accessed: Option<Age> = "\"24 months\"",
    }
}

table! {
    /// How old a page may become.
    pub struct PageFreshness in "[freshness.page]" {
        /// Since it was updated, or else published (`updated`, `date`).
        updated: Option<Age> = "\"36 months\"",
    }
}

impl FreshnessSetting {
    /// How old something may become; none where it does not age.
    pub fn age(&self, aspect: Aspect) -> Option<Age> {
        let course = |of: fn(&CourseFreshness) -> Option<Age>| self.course.as_ref().and_then(of);
        match aspect {
            Aspect::CoursePrice => course(|course| course.price),
            Aspect::CourseDuration => course(|course| course.duration),
            Aspect::CourseWorkload => course(|course| course.workload),
            Aspect::CourseSessions => course(|course| course.sessions),
            Aspect::CourseVerified => course(|course| course.verified),
            Aspect::SalaryFigures => self.salary.as_ref().and_then(|salary| salary.figures),
            Aspect::RoleReviewed => self.role.as_ref().and_then(|role| role.reviewed),
            Aspect::SourceAccessed => self.source.as_ref().and_then(|source| source.accessed),
            Aspect::PageUpdated => self.page.as_ref().and_then(|page| page.updated),
        }
    }
}
