//! What tells findings from each other, wherever they stand.

use super::suppress::object_name_parts;
use super::{Finding, Lint};
use foldhash::fast::RandomState;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;

/// What tells a finding from others, wherever it stands and whichever of its rules are looked at: 32 digits, and a
/// number where several findings would have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    hash: [u8; 16],
    /// From 1.
    number: u32,
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:032x}", u128::from_be_bytes(self.hash))?;
        match self.number {
            1 => Ok(()),
            number => write!(out, "-{number}"),
        }
    }
}

/// Gives their fingerprints to findings that have none.
pub fn identify(lint: &Lint<'_>, findings: &mut [Finding]) {
    let mut seen: HashMap<[u8; 16], u32, RandomState> = HashMap::default();
    for finding in findings.iter_mut().filter(|f| f.fingerprint.is_none()) {
        let hash = hash(lint, finding);
        let number = seen.entry(hash).or_default();
        *number += 1;
        finding.fingerprint = Some(Fingerprint {
            hash,
            number: *number,
        });
    }
}

/// The texts that a hash is made of.
struct Texts(Sha256);

impl Texts {
    /// Adds the parts of a text, behind its length, so that no two lists of texts are the same.
    fn add(&mut self, parts: &[&str]) {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        self.0.update((length as u64).to_le_bytes());
        for part in parts {
            self.0.update(part.as_bytes());
        }
    }
}

/// What tells a finding from others: its rule, its objects and what grants it, not where they stand.
fn hash(lint: &Lint<'_>, finding: &Finding) -> [u8; 16] {
    let mut text = Texts(Sha256::new());
    text.add(&[finding.rule.id]);
    if let Some(binding) = finding.binding.map(|id| lint.cluster.binding(id)) {
        let (namespace, name) = (lint.str(binding.namespace), lint.str(binding.name));
        text.add(&object_name_parts(binding.kind.as_str(), namespace, name));
        if let Some(subject) = finding
            .subject
            .and_then(|i| binding.subjects.get(i as usize))
        {
            text.add(&[lint.str(subject.matches)]);
        }
    }
    if let Some(role) = finding.role.map(|id| lint.cluster.role(id)) {
        let (namespace, name) = (lint.str(role.namespace), lint.str(role.name));
        text.add(&object_name_parts(role.kind.as_str(), namespace, name));
        if let Some(rule) = finding
            .role_rules
            .first()
            .and_then(|i| role.rules.get(*i as usize))
        {
            for list in [
                &rule.verbs,
                &rule.api_groups,
                &rule.resources,
                &rule.resource_names,
                &rule.non_resource_urls,
            ] {
                let mut words: Vec<&str> = list.iter().map(|s| lint.str(*s)).collect();
                words.sort_unstable();
                let parts = words.iter().flat_map(|word| [",", word]).skip(1);
                text.add(&parts.collect::<Vec<_>>());
            }
        }
    }
    if let Some(object) = &finding.rare.object {
        text.add(&[object]);
        // Nothing else tells two of these apart.
        if finding.binding.is_none() && finding.role.is_none() {
            text.add(&[finding.what()]);
        }
    }
    let mut hash = [0; 16];
    hash.copy_from_slice(&text.0.finalize()[..16]);
    hash
}
