//! Findings that are made of finished outputs, kept with what they were made from: only those of what changed
//! are made again, and all of them are judged again only where one is another.

use std::collections::HashMap;
use std::sync::Arc;

use super::policy::{Judged, Policy};
use crate::diagnostic::{self, Diagnostic};

/// Findings in parts, each with its name. `K` is what a part was made from, `V` what else was found out with
/// it.
pub(super) struct Group<K, V> {
    parts: HashMap<Arc<str>, Part<K, V>>,
    judged: Arc<Judged>,
    /// By what they were judged.
    policy: Option<Policy>,
    /// How often they were renewed.
    round: u64,
}

struct Part<K, V> {
    from: K,
    findings: Vec<Diagnostic>,
    value: V,
    /// When it was last there.
    round: u64,
}

impl<K, V> Default for Group<K, V> {
    fn default() -> Self {
        Self { parts: HashMap::new(), judged: Arc::default(), policy: None, round: 0 }
    }
}

impl<K, V> Group<K, V> {
    /// Takes in all parts there are. What was made of one is kept where it `is_same` as before, and else made
    /// again.
    pub(super) fn renew(
        &mut self,
        all: impl Iterator<Item = (Arc<str>, K)>,
        is_same: impl Fn(&K, &K) -> bool,
        mut make: impl FnMut(&str, &K) -> (Vec<Diagnostic>, V),
        policy: &Policy,
    ) -> Arc<Judged> {
        self.round += 1;
        let round = self.round;
        let mut count = 0;
        let mut other = !self.policy.as_ref().is_some_and(|known| known.judges_alike(policy));
        for (name, from) in all {
            count += 1;
            match self.parts.get_mut(&name) {
                Some(part) if is_same(&part.from, &from) => part.round = round,
                Some(part) => {
                    let (findings, value) = make(&name, &from);
                    other |= part.findings != findings;
                    *part = Part { from, findings, value, round };
                }
                None => {
                    let (findings, value) = make(&name, &from);
                    other |= !findings.is_empty();
                    self.parts.insert(name, Part { from, findings, value, round });
                }
            }
        }
        if count < self.parts.len() {
            other |= self.parts.values().any(|part| part.round < round && !part.findings.is_empty());
            self.parts.retain(|_, part| part.round == round);
        }
        if other {
            let mut judged = policy.judge(self.parts.values().flat_map(|part| &part.findings).cloned().collect());
            diagnostic::sort(&mut judged.shown);
            diagnostic::sort(&mut judged.allowed);
            (self.judged, self.policy) = (Arc::new(judged), Some(policy.clone()));
        }
        self.judged.clone()
    }

    /// Whether nothing is kept.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// What else was found out of each part.
    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.parts.values().map(|part| &part.value)
    }
}
