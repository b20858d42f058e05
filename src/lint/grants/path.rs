//! Ways from a grant to an account that reaches everything.

use super::findings::add_facet;
use super::hits::Hit;
use super::judged::Graded;
use crate::lint::finding::Finding;
use crate::lint::{Lint, Rule, Severity, rules};
use crate::model::{BindingId, BindingKind, Position, RoleId, Symbol};

/// A way from a grant to an account that reaches everything.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// The rule of the first step.
    pub(super) edge: &'static Rule,
    /// The way in words.
    words: String,
    /// The binding at its end.
    end: Position,
}

/// Whether a grant of a rule can let its holder act as some account of the namespace.
pub(super) fn may_lead(id: &str) -> bool {
    matches!(id, "RBC102" | "RBC108" | "RBC109") || EDGES.contains(&id)
}

/// Whether who holds a grant can act as an account of the namespace by it.
pub(in crate::lint) fn leads_to(lint: &Lint<'_>, role: RoleId, hit: &Hit, target: Symbol) -> bool {
    if !hit.may_lead {
        return false;
    }
    let user = lint.str(target);
    let account = user.strip_prefix("system:serviceaccount:");
    let Some((namespace, name)) = account.and_then(|account| account.split_once(':')) else {
        return false;
    };
    let rules = &lint.cluster.role(role).rules;
    let names = hit
        .role_rules
        .iter()
        .flat_map(|index| &rules[*index as usize].resource_names);
    let named = |wanted: &str| !hit.named || names.clone().any(|name| lint.str(*name) == wanted);
    match hit.rule.id {
        "RBC127" | "RBC133" => named(name),
        // Which account a named Pod has is not known.
        "RBC116" | "RBC119" => !hit.named,
        "RBC108" | "RBC109" => {
            let mut secrets = lint.token_secrets(namespace, name).iter();
            secrets.any(|secret| named(secret))
        }
        id => id == "RBC102" || EDGES.contains(&id),
    }
}

/// Whether a RoleBinding lets its subjects act as an account of its namespace.
pub(in crate::lint) fn acts_as(lint: &Lint<'_>, id: BindingId, account: Symbol) -> bool {
    let Some(role) = lint.role_of(id) else {
        return false;
    };
    let hits = &lint.hits[role.0 as usize].namespace;
    hits.iter()
        .any(|hit| hit.whole && leads_to(lint, role, hit, account))
}

/// If a binding lets its subjects act as an account that reaches everything: the way there.
pub(super) fn path(lint: &Lint<'_>, id: BindingId, graded: &[Graded<'_>]) -> Option<Path> {
    let binding = lint.cluster.binding(id);
    let role = lint.role_of(id)?;
    let cluster_wide = binding.kind == BindingKind::ClusterRoleBinding;
    if graded.is_empty() || (cluster_wide && lint.is_everything(role)) {
        return None;
    }
    let edges = || graded.iter().filter(|(hit, ..)| hit.may_lead);
    edges().next()?;
    let here = match cluster_wide {
        true => lint.masters(),
        false => lint.powerful_in(binding.namespace),
    };
    let targets = here
        .iter()
        .filter(|t| t.everything && binding.subjects.iter().all(|s| s.matches != t.user));
    let (edge, mut target) = targets.take(TARGETS).find_map(|target| {
        let leads = |(hit, ..): &&Graded<'_>| leads_to(lint, role, hit, target.user);
        let whole = |(hit, ..): &&Graded<'_>| hit.rule.id == "RBC102";
        let (hit, ..) = edges().find(whole).or_else(|| edges().find(leads))?;
        Some((hit.rule, target))
    })?;
    let account = |user: Symbol| {
        let user = lint.str(user);
        let name = user.strip_prefix("system:serviceaccount:").unwrap_or(user);
        name.replacen(':', "/", 1)
    };
    let mut words = format!("it {}, and so acts as {}", edge.what, account(target.user));
    while let Some(next) = target.through.and_then(|user| lint.powerful_account(user)) {
        words.push_str(&format!(", which can act as {}", account(next.user)));
        target = next;
    }
    let last = lint.cluster.binding(target.binding);
    words.push_str(&format!(
        ", which is as good as cluster-admin by {} {}",
        last.kind.as_str(),
        lint.str(last.name)
    ));
    Some(Path {
        edge,
        words,
        end: last.position,
    })
}

pub(super) fn add_path(finding: &mut Finding, path: Option<Path>) {
    let Some(path) = path else { return };
    finding.also.push((
        path.end,
        "the end of the path: cutting this binding is the cheapest cut".into(),
    ));
    add_facet(
        finding,
        rules::by_id("RBC223"),
        Severity::Critical,
        Some(path.words.into()),
    );
}

/// Rules by which one account can act as the other accounts of its namespace.
const EDGES: [&str; 7] = [
    "RBC111", "RBC113", "RBC114", "RBC116", "RBC119", "RBC127", "RBC133",
];

/// How many accounts that reach everything are tried for a path.
pub(in crate::lint) const TARGETS: usize = 64;
