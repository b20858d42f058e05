//! Paths and their verbs.

use super::checker::{Checker, URLS, VERBS};
use super::known::{METHODS, is_odd};

impl Checker<'_, '_, '_> {
    pub(super) fn urls(&mut self) {
        let rule = self.rule;
        let mut reachable = false;
        for url in &rule.non_resource_urls {
            let url = self.str(*url);
            let at = (URLS, url);
            let body = url.trim_end_matches('*');
            if is_odd(url) {
                self.add("RBC651", at, None);
            } else if body.contains('*') {
                self.add("RBC627", at, None);
            } else if url.is_empty() {
                self.add("RBC611", at, None);
            } else if !url.starts_with('/') && !body.is_empty() {
                self.add("RBC629", at, Some(format!("write {:?}", format!("/{url}"))));
            } else {
                reachable = true;
            }
        }
        let mut asked = false;
        for verb in &rule.verbs {
            let verb = self.str(*verb);
            let is_method = |verb: &str| METHODS.contains(&verb);
            if verb == "*" || is_method(verb) {
                asked = true;
            } else if !self.is_misspelt(verb, is_method) {
                self.add("RBC628", (VERBS, verb), None);
            }
        }
        if !(reachable && asked) {
            self.unreachable();
        }
    }
}
