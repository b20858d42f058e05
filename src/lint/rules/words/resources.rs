//! Resources.

use super::checker::{Checker, RESOURCES};
use super::known::{is_all_extras, is_odd, meant_group};
use crate::lint::catalogue::Catalogue;
use crate::lint::rules::listed;
use crate::lint::{Severity, Text};
use crate::model::Symbol;

impl Checker<'_, '_, '_> {
    /// Whether it is known that the API has the resource.
    pub(super) fn resource(&mut self, symbol: Symbol, special: bool) -> bool {
        let resource = self.str(symbol);
        let at = (RESOURCES, resource);
        if resource == "*" {
            return false;
        }
        if resource.is_empty() {
            self.add("RBC611", at, None);
            return false;
        }
        if is_odd(resource) {
            self.add("RBC651", at, None);
            return false;
        }
        if resource.contains('*') {
            let mut verbs = self.rule.verbs.iter();
            match resource.strip_prefix("*/") {
                Some(sub) if !sub.contains('*') && !sub.is_empty() => {}
                _ if verbs.any(|verb| is_all_extras(self.lint.str(*verb), resource)) => {}
                _ if resource.contains('/') => self.add("RBC620", at, None),
                _ => self.add("RBC621", at, None),
            }
            return false;
        }
        if special {
            return false;
        }
        let lint = self.lint;
        let catalogue = lint.catalogue();
        let mut written = self.rule.api_groups.iter().map(|group| lint.str(*group));
        // What is said of the groups themselves is not said again of what stands in them.
        let groups: Vec<&str> = written.clone().map(meant_group).collect();
        let as_meant = written.all(|group| meant_group(group) == group);
        if groups.contains(&"*") {
            return false;
        }
        if groups
            .iter()
            .any(|group| catalogue.served(group, resource).is_some())
        {
            return as_meant;
        }
        let unlisted = groups
            .iter()
            .any(|group| catalogue.is_unlisted(group, resource));
        let unknown = groups.iter().any(|group| !catalogue.knows_group(group));
        let parent = resource.split('/').next().unwrap_or_default();
        let custom = lint.is_custom(&groups, parent);
        if unlisted || unknown || custom {
            return false;
        }
        // What a custom group serves beside what was loaded is not known.
        let built_in = groups.iter().all(|group| catalogue.is_built_in(group));
        let serving: Vec<&str> = catalogue.groups_of(resource).collect();
        if !serving.is_empty() {
            let fix = format!("the group is {}", listed(&serving));
            // A rule for old servers beside one for new ones does no harm.
            let leftover = self.granted_in(&serving, symbol);
            let severity = if leftover || !built_in {
                Severity::Low
            } else {
                Severity::High
            };
            self.add_as("RBC612", severity, at, None, Some(fix.into()));
        } else if let Some(meant) = self.named_otherwise(resource, &groups) {
            self.add("RBC616", at, Some(format!("write {meant:?}")));
        } else if let Some(meant) = dotted(resource, catalogue) {
            self.add("RBC620", at, Some(format!("write {meant:?}")));
        } else {
            let alike = match built_in {
                true => catalogue.alike(resource),
                false => catalogue.alike_in(resource, &groups),
            };
            let fix = alike.map(|near| format!("did you mean {near:?}?"));
            // Generators write /status of everything.
            let generated =
                resource.ends_with("/status") && catalogue.groups_of(parent).next().is_some();
            if generated {
                self.add_as("RBC615", Severity::Low, at, None, fix.map(Text::from));
            } else if built_in || fix.is_some() {
                self.add("RBC615", at, fix);
            }
        }
        false
    }

    /// The resource whose kind, singular, short name or name in upper case this is, a subresource kept.
    pub(super) fn named_otherwise(&self, resource: &str, groups: &[&str]) -> Option<String> {
        let catalogue = self.lint.catalogue();
        let (parent, sub) = match resource.split_once('/') {
            Some((parent, sub)) => (parent, Some(sub)),
            None => (resource, None),
        };
        let lower = parent.to_lowercase();
        let plural = match catalogue.plural(parent) {
            Some(plural) => plural,
            None if lower != parent => &lower,
            None => return None,
        };
        let meant = match sub {
            Some(sub) => format!("{plural}/{sub}"),
            None => plural.to_owned(),
        };
        let here = |group: &&str| catalogue.served(group, &meant).is_some();
        let of_kubernetes = groups.iter().all(|group| catalogue.is_built_in(group))
            && catalogue.groups_of(&meant).next().is_some();
        (of_kubernetes || groups.iter().any(here)).then_some(meant)
    }

    /// Whether the role grants the resource in one of these groups as well.
    pub(super) fn granted_in(&self, groups: &[&str], resource: Symbol) -> bool {
        let verbs = &self.rule.verbs;
        self.rules.iter().any(|other| {
            let group = other
                .api_groups
                .iter()
                .any(|group| groups.contains(&self.lint.str(*group)));
            group
                && (other.resources.contains(&resource) || other.resources.contains(&Symbol::ANY))
                && verbs
                    .iter()
                    .any(|verb| other.verbs.contains(verb) || other.verbs.contains(&Symbol::ANY))
        })
    }
}

/// `RESOURCE.SUBRESOURCE`, written with the slash.
fn dotted(resource: &str, catalogue: &Catalogue) -> Option<String> {
    let slashed = resource.replacen('.', "/", 1);
    let served = slashed != resource && catalogue.groups_of(&slashed).next().is_some();
    served.then_some(slashed)
}
