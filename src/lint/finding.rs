//! What was found.

use super::{Fingerprint, Rule, Severity};
use crate::model::{BindingId, Position, RoleId};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Words about what was found: most of them are the rule's own.
pub type Text = Cow<'static, str>;

/// Numbers of rules of a role, from 0: hardly ever more than four.
pub type RuleNumbers = SmallVec<[u32; 4]>;

/// Something that a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The gravest rule that found it.
    pub rule: &'static Rule,
    /// How grave it is here.
    pub severity: Severity,
    /// How grave it is by this rule alone.
    pub own: Severity,
    /// The other rules that found the same grant, the gravest first.
    pub facets: Vec<Facet>,
    /// Where to look first: at who gets it.
    pub at: Position,
    /// The binding that grants it.
    pub binding: Option<BindingId>,
    /// The subject that it is about; `None` for all of the binding.
    pub subject: Option<u32>,
    /// The role that is granted, or that it is about.
    pub role: Option<RoleId>,
    /// The rules of that role.
    pub role_rules: RuleNumbers,
    /// Other places, and what is there.
    pub also: Vec<(Position, Text)>,
    /// What is found, in place of the rule's words.
    pub what: Option<Text>,
    /// What follows, in place of the rule's words.
    pub why: Option<Text>,
    /// What to do, in place of the rule's words.
    pub fix: Option<Text>,
    /// What tells it from others; `None` until all are found.
    pub fingerprint: Option<Fingerprint>,
    /// What few findings have.
    pub rare: Rare,
}

/// What few findings have: it takes no room in the others, of which there can be very many.
#[derive(Clone, Debug, Default)]
pub struct Rare(Option<Box<RareFields>>);

/// The fields of [`Rare`].
#[derive(Clone, Debug, Default)]
pub struct RareFields {
    /// What of the first of the role's rules, or of the object, it is about.
    pub words: Vec<Word>,
    /// The object, where it is neither the binding nor the role.
    pub object: Option<String>,
    /// The file of the place, where it is not a loaded one.
    pub file: Option<String>,
}

impl std::ops::Deref for Rare {
    type Target = RareFields;

    fn deref(&self) -> &RareFields {
        static NONE: RareFields = RareFields {
            words: Vec::new(),
            object: None,
            file: None,
        };
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl std::ops::DerefMut for Rare {
    fn deref_mut(&mut self) -> &mut RareFields {
        self.0.get_or_insert_default()
    }
}

impl Finding {
    /// A finding of a rule at a place.
    pub fn new(rule: &'static Rule, severity: Severity, at: Position) -> Self {
        Finding {
            rule,
            severity,
            own: severity,
            facets: Vec::new(),
            at,
            binding: None,
            subject: None,
            role: None,
            role_rules: RuleNumbers::new(),
            also: Vec::new(),
            what: None,
            why: None,
            fix: None,
            fingerprint: None,
            rare: Rare::default(),
        }
    }

    /// With severities in place of the rules' own; the gravest rule becomes the head.
    pub fn regrade(&mut self, severities: &BTreeMap<String, Severity>) {
        let given = |rule: &Rule| severities.get(rule.id).copied();
        if self.rules().all(|(rule, _)| given(rule).is_none()) {
            return;
        }
        self.own = given(self.rule).unwrap_or(self.own);
        for facet in &mut self.facets {
            facet.severity = given(facet.rule).unwrap_or(facet.severity);
        }
        self.facets.sort_by_key(|facet| Reverse(facet.severity));
        self.severity = self.own;
        if let Some(gravest) = self.facets.first_mut().filter(|f| f.severity > self.own) {
            self.severity = gravest.severity;
            std::mem::swap(&mut self.rule, &mut gravest.rule);
            std::mem::swap(&mut self.own, &mut gravest.severity);
            std::mem::swap(&mut self.why, &mut gravest.why);
            (self.what, self.fix) = (None, None);
            self.facets.sort_by_key(|facet| Reverse(facet.severity));
        }
    }

    /// The finding without some of its rules; nothing if none is left.
    pub fn without(mut self, gone: impl Fn(&'static Rule) -> bool) -> Option<Finding> {
        let before = self.facets.len();
        self.facets.retain(|facet| !gone(facet.rule));
        if !gone(self.rule) {
            // A head that had taken the severity of a facet gives it back.
            if self.facets.len() != before {
                let facets = self.facets.iter().map(|facet| facet.severity);
                self.severity = facets.fold(self.own, |most, severity| most.max(severity));
            }
            return Some(self);
        }
        if self.facets.is_empty() {
            return None;
        }
        let Facet {
            rule,
            severity,
            why,
        } = self.facets.remove(0);
        Some(Finding {
            rule,
            severity,
            own: severity,
            what: None,
            why,
            fix: None,
            ..self
        })
    }

    /// What is found.
    pub fn what(&self) -> &str {
        self.what.as_deref().unwrap_or(self.rule.what)
    }

    /// What follows.
    pub fn why(&self) -> &str {
        self.why.as_deref().unwrap_or(self.rule.why)
    }

    /// What to do.
    pub fn fix(&self) -> &str {
        self.fix.as_deref().unwrap_or(self.rule.fix)
    }

    /// Every rule that found it, and how grave it is by that one.
    pub fn rules(&self) -> impl Iterator<Item = (&'static Rule, Severity)> {
        let facets = self.facets.iter().map(|facet| (facet.rule, facet.severity));
        std::iter::once((self.rule, self.severity)).chain(facets)
    }
}

/// A word of a rule of a role, or a field of an object that the server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The list of the rule that it stands in, such as `verbs`, or the path of the field in the object.
    pub field: String,
    /// The word; `None` for the field itself.
    pub text: Option<String>,
    /// Where it stands, once [`super::locate`] has found it.
    pub at: Option<Position>,
}

/// Another rule that found the same grant.
#[derive(Clone, Debug)]
pub struct Facet {
    /// The rule.
    pub rule: &'static Rule,
    /// How grave it is by this rule.
    pub severity: Severity,
    /// What follows, in place of the rule's words.
    pub why: Option<Text>,
}

/// A rule that could not be decided from what was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotChecked {
    /// The rule's id.
    pub id: &'static str,
    /// What is missing.
    pub reason: String,
}

/// Where checks put what they find.
#[derive(Debug, Default)]
pub struct Found {
    /// The findings.
    pub findings: Vec<Finding>,
    /// What could not be decided.
    pub not_checked: Vec<NotChecked>,
}

impl Found {
    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Notes that a rule could not be decided.
    pub fn not_checked(&mut self, id: &'static str, reason: impl Into<String>) {
        let entry = NotChecked {
            id,
            reason: reason.into(),
        };
        if !self.not_checked.contains(&entry) {
            self.not_checked.push(entry);
        }
    }
}
