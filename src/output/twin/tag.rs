//! What elements and attributes are for a text.

/// What an element is for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// Text.
    Text,
    /// Stands in a line.
    Inline,
    /// Stands by itself.
    Block,
    /// Is not looked at.
    Out,
    A,
    Blockquote,
    Br,
    Caption,
    Cell,
    Code,
    Dd,
    Del,
    Desc,
    Dl,
    Dt,
    Em,
    /// The text of a footnote.
    Footnote,
    /// The number that stands before it, or where it belongs to.
    FootnoteLabel,
    FootnoteReference,
    Head,
    Heading(u8),
    Hr,
    Img,
    Input,
    Li,
    Main,
    Meta,
    Ol,
    P,
    Pre,
    Quote,
    Row,
    Strong,
    Sub,
    Summary,
    Sup,
    Svg,
    Table,
    TablePart,
    Title,
    Ul,
}

impl Tag {
    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b"a" => Self::A,
            b"b" | b"strong" => Self::Strong,
            b"blockquote" => Self::Blockquote,
            b"br" => Self::Br,
            b"caption" => Self::Caption,
            b"code" | b"kbd" | b"samp" => Self::Code,
            b"dd" => Self::Dd,
            b"del" | b"s" => Self::Del,
            b"desc" => Self::Desc,
            b"dl" => Self::Dl,
            b"dt" => Self::Dt,
            b"em" | b"i" => Self::Em,
            [b'h', level @ b'1'..=b'6'] => Self::Heading(level - b'0'),
            b"head" => Self::Head,
            b"hr" => Self::Hr,
            b"img" => Self::Img,
            b"input" => Self::Input,
            b"li" => Self::Li,
            b"main" => Self::Main,
            b"meta" => Self::Meta,
            b"ol" => Self::Ol,
            b"p" => Self::P,
            b"pre" => Self::Pre,
            b"q" => Self::Quote,
            b"sub" => Self::Sub,
            b"summary" => Self::Summary,
            b"sup" => Self::Sup,
            b"svg" => Self::Svg,
            b"table" => Self::Table,
            b"tbody" | b"tfoot" | b"thead" => Self::TablePart,
            b"td" | b"th" => Self::Cell,
            b"title" => Self::Title,
            b"tr" => Self::Row,
            b"menu" | b"ul" => Self::Ul,
            b"address" | b"article" | b"aside" | b"body" | b"center" | b"details" | b"div" | b"fieldset" | b"figcaption" | b"figure"
            | b"footer" | b"header" | b"hgroup" | b"html" | b"legend" | b"search" | b"section" => Self::Block,
            b"area" | b"audio" | b"base" | b"button" | b"canvas" | b"col" | b"colgroup" | b"datalist" | b"dialog" | b"embed" | b"form"
            | b"iframe" | b"label" | b"link" | b"nav" | b"noscript" | b"object" | b"param" | b"script" | b"select" | b"source"
            | b"style" | b"template" | b"textarea" | b"track" | b"video" | b"wbr" => Self::Out,
            _ => Self::Inline,
        }
    }

    /// Whether it stands by itself.
    pub(super) fn is_block(self) -> bool {
        !matches!(
            self,
            Self::Text
                | Self::Inline
                | Self::Out
                | Self::A
                | Self::Br
                | Self::Code
                | Self::Del
                | Self::Desc
                | Self::Em
                | Self::FootnoteLabel
                | Self::FootnoteReference
                | Self::Img
                | Self::Input
                | Self::Meta
                | Self::Quote
                | Self::Strong
                | Self::Sub
                | Self::Sup
                | Self::Title
        )
    }

    /// Which attributes are kept.
    pub(super) fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::A => &[Attribute::Href],
            Self::Img => &[Attribute::Src, Attribute::Alt],
            Self::Cell => &[Attribute::Colspan, Attribute::Rowspan, Attribute::Header],
            Self::Code => &[Attribute::Class],
            Self::Input => &[Attribute::Checked],
            Self::Ol => &[Attribute::Start],
            _ => &[],
        }
    }
}

/// Elements without an end.
pub(super) fn is_void(name: &[u8]) -> bool {
    const VOID: [&[u8]; 14] =
        [b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param", b"source", b"track", b"wbr"];
    VOID.contains(&name)
}

/// An attribute that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    Alt,
    AriaHidden,
    Checked,
    Class,
    Colspan,
    Content,
    /// Whether a cell is a heading: that is in its name.
    Header,
    Hidden,
    Href,
    Name,
    Rowspan,
    Src,
    Start,
    Type,
}

impl Attribute {
    /// How many there are.
    pub(super) const NUMBER: usize = 14;

    pub(super) fn of(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"alt" => Self::Alt,
            b"aria-hidden" => Self::AriaHidden,
            b"checked" => Self::Checked,
            b"class" => Self::Class,
            b"colspan" => Self::Colspan,
            b"content" => Self::Content,
            b"hidden" => Self::Hidden,
            b"href" => Self::Href,
            b"name" => Self::Name,
            b"rowspan" => Self::Rowspan,
            b"src" => Self::Src,
            b"start" => Self::Start,
            b"type" => Self::Type,
            _ => return None,
        })
    }
}
