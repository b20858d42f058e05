//! What a lint rule is: its documentation and its check, in one value.

use super::finding::Found;
use super::grants::Judged;
use super::{Lint, Severity};
use crate::lint::Text;
use crate::model::{BindingId, RoleId};

/// A lint rule: everything that the list of rules, `--explain`, `docs/rules.md`, SARIF and the tests know of it.
#[derive(Debug)]
pub struct Rule {
    /// `RBC` and three digits; never changed, never used again.
    pub id: &'static str,
    /// A name for people, with hyphens.
    pub name: &'static str,
    /// The severity of the plain case; the ladder moves it.
    pub severity: Severity,
    /// What is found, as a phrase whose subject is who holds the grant, or the object.
    pub what: &'static str,
    /// What follows from it, in one sentence.
    pub why: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Where others speak of it.
    pub references: &'static [&'static str],
    /// A manifest in which it is found.
    pub bad: Example,
    /// The manifest as it should be.
    pub good: Example,
    /// One that looks like the bad one and is not: what other tools report wrongly.
    pub near: Example,
    /// How it is found.
    pub check: Check,
}

impl Rule {
    /// The digits of the id.
    pub(super) fn number(&self) -> u32 {
        number(self.id)
    }
}

/// The digits of an id; 0 if it has others than it should, which a test would find.
pub(super) fn number(id: &str) -> u32 {
    let digits = id.strip_prefix("RBC").unwrap_or("");
    digits.parse().unwrap_or(0)
}

/// A manifest of the documentation.
#[derive(Clone, Copy, Debug)]
pub enum Example {
    /// Rules, one a line, of a ClusterRole that a ClusterRoleBinding grants to a service account.
    Cluster(&'static str),
    /// Rules, one a line, of a Role of a namespace that is granted to a service account there.
    Namespace(&'static str, &'static str),
    /// Whole manifests.
    Manifest(&'static str),
    /// There is none, and why.
    None(&'static str),
}

impl Example {
    /// The manifest in YAML; nothing if there is none.
    pub fn manifest(&self) -> Option<String> {
        let rules = |rules: &str| -> String {
            let lines = rules.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(|line| format!("- {line}\n")).collect()
        };
        match self {
            Example::Cluster(text) => Some(format!(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: example\nrules:\n{}\
                 ---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: example\n\
                 roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: example\n\
                 subjects:\n- kind: ServiceAccount\n  namespace: tools\n  name: bot\n",
                rules(text)
            )),
            Example::Namespace(namespace, text) => Some(format!(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  namespace: {namespace}\n  name: example\nrules:\n{}\
                 ---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  namespace: {namespace}\n  name: example\n\
                 roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: example\n\
                 subjects:\n- kind: ServiceAccount\n  namespace: {namespace}\n  name: bot\n",
                rules(text)
            )),
            Example::Manifest(text) => Some((*text).to_owned()),
            Example::None(_) => None,
        }
    }
}

/// How a rule is found.
#[derive(Debug)]
pub enum Check {
    /// By what a binding grants.
    Grant(Grant),
    /// By looking at each binding that is no default; what it adds stands for the whole binding, and what is
    /// granted by it becomes its facets.
    Head(fn(&Lint<'_>, BindingId, &mut Found)),
    /// By looking at each binding that is no default.
    Binding(fn(&Lint<'_>, BindingId, &mut Found)),
    /// By looking at each role that is no default.
    Role(fn(&Lint<'_>, RoleId, &mut Found)),
    /// By looking at everything at once.
    All(fn(&Lint<'_>, &mut Found)),
    /// Together with the rule of this id, by its check.
    With(&'static str),
    /// By whoever runs the rules.
    Driver,
}

/// A dangerous grant: a request of each set is allowed.
#[derive(Debug)]
pub struct Grant {
    /// Requests as `VERB[,VERB…] [GROUP:]RESOURCE[/SUB][,…]`: one of each list must be allowed. The rule
    /// that allows one of the first list is shown.
    pub needs: &'static [&'static [&'static str]],
    /// Requests of which whoever it is about must not be allowed any.
    pub lacks: &'static [&'static str],
    /// Which bindings count.
    pub scope: Scope,
    /// Whether a rule that lists names counts (one step less grave).
    pub named: bool,
    /// What else decides how grave it is, or that it is nothing; without it, the ladder alone.
    pub judge: Option<fn(&Judged<'_, '_>) -> Option<Severity>>,
    /// What `judge` says at most in a namespace whose takeover gives no more than the namespace, for subjects that
    /// are not broad; without it, anything. Most bindings are such, and need no look for what is critical.
    pub elsewhere: Option<Severity>,
    /// What there is to say of this grant in place of `why`.
    pub detail: Option<fn(&Judged<'_, '_>) -> Option<Text>>,
    /// What to do in place of `fix` where all of it lists names already.
    pub pinned: Option<&'static str>,
    /// What is found in place of `what` where it is bound for the cluster.
    pub everywhere: Option<&'static str>,
}

impl Grant {
    /// One request of the list is enough; everything else is as usual.
    pub const fn of(needs: &'static [&'static [&'static str]]) -> Grant {
        Grant {
            needs,
            lacks: &[],
            scope: Scope::Any,
            named: true,
            judge: None,
            elsewhere: None,
            detail: None,
            pinned: None,
            everywhere: None,
        }
    }
}

impl Grant {
    /// What it is at most where [`Grant::elsewhere`] holds, for a rule of this severity.
    pub(super) fn most_elsewhere(&self, severity: Severity) -> Severity {
        match (self.judge, self.elsewhere) {
            (None, _) => severity.lower(),
            (_, Some(most)) => most,
            (Some(_), None) => Severity::Critical,
        }
    }

    /// Every request that it asks about.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &'static &'static str> + use<> {
        self.needs.iter().copied().flatten().chain(self.lacks)
    }
}

/// Which bindings count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every one.
    Any,
    /// ClusterRoleBindings.
    Cluster,
    /// RoleBindings.
    Namespace,
}
