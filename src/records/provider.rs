//! Providers: who offers courses. A provider's courses are not listed here; they name their provider.

use super::annotations::{Annotations, WrittenAt};
use super::moment::Moment;
use super::reference::Reference;
use super::source::Source;
use super::web::Web;
use crate::schema::{Known, known, table, words};

table! {
    /// Who offers courses.
    pub struct Provider in "[provider]" {
        /// What it is called; the page's title where it is left out.
        name: Option<String> = "\"Example Academy\"",
        /// The name in the register of companies.
        legal_name: Known<String> = "\"Example Academy GmbH\"",
        /// Who says that this is its legal name.
        legal_source: Option<Reference<Source>> = "\"some-source\"",
        /// What sort of provider it is.
        kind: Known<ProviderKind> = "\"academy\"",
        /// Where it sits.
        address: Option<Known<Address>> = "{ street = \"Main Street 1\", postal_code = \"12345\", city = \"Example\", country = \"DE\" }",
        /// Its own site.
        website: Option<Known<Web>> = "\"https://www.example.org/\"",
        /// Who has examined and accepted it.
        accreditation: Option<Known<Vec<Accreditation>>> = "[{ name = \"AZAV\", body = \"unknown\" }]",
        /// When it was founded.
        founded: Option<Known<Moment>> = "\"1997\"",
    }
}

impl Provider {
    /// Notes until when its accreditations hold, and which name no source.
    pub(super) fn annotate(&self, at: WrittenAt<'_, '_>, notes: &mut Annotations) {
        for (accreditation, at) in known(&self.accreditation).into_iter().flatten().zip(at.items("accreditation")) {
            notes.source(accreditation.source.as_ref(), "the accreditation", at);
            notes.lapse(known(&accreditation.valid_until).copied(), &accreditation.name, at, "valid_until");
        }
    }
}

words! {
    /// Sorts of provider.
    pub enum ProviderKind in "kind of provider" {
        /// A private academy.
        Academy = "academy",
        /// A school that teaches at a distance.
        DistanceSchool = "distance-school",
        /// A university or college.
        University = "university",
        /// A chamber of commerce or crafts.
        Chamber = "chamber",
        /// An association of a trade.
        Association = "association",
        /// Another company.
        Company = "company",
    }
}

table! {
    /// A postal address.
    pub struct Address in "an address" {
        /// Street and number.
        street: Option<Known<String>> = "\"Main Street 1\"",
        /// Postal code.
        postal_code: Option<Known<String>> = "\"12345\"",
        /// Town.
        city: String = "\"Example\"",
        /// Country, as ISO 3166-1 alpha-2.
        country: Option<String> = "\"DE\"",
    }
}

table! {
    /// That somebody has examined and accepted a provider.
    pub struct Accreditation in "an accreditation" {
        /// What it is called.
        name: String = "\"AZAV\"",
        /// Who granted it.
        body: Option<Known<String>> = "\"unknown\"",
        /// Until when it holds.
        valid_until: Option<Known<Moment>> = "\"2028-06-30\"",
        /// Who says so.
        source: Option<Reference<Source>> = "\"some-source\"",
    }
}
