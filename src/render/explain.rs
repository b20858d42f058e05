//! `--explain` for people: why a request is allowed, or what it misses.

mod fix;
mod hints;
mod json;
mod words;

pub use json::explanation_json;

use crate::answer::explain::Explanation;
use crate::answer::explain::difference::{Difference, ResourceRelation};
use crate::answer::explain::likeness::{AskedAs, service_account};
use crate::answer::explain::misses::NearMiss;
use crate::answer::grants::Grant;
use crate::answer::hints::Hint;
use crate::model::{
    Attributes, BindingKind, Cluster, PolicyRule, Request, Role, RoleId, RoleKind, SubjectKind,
    Symbol,
};
use fix::fix_text;
use hints::hint_text;
use std::fmt::Write;
use words::{named, place, symbols, word};

/// How the few words that stand out are printed. Every method may return the text as it is.
pub trait Style {
    /// A heading, such as `nearest misses:`.
    fn heading(&self, text: &str) -> String {
        text.to_owned()
    }
    /// The word that says yes.
    fn good(&self, text: &str) -> String {
        text.to_owned()
    }
    /// The word that says no.
    fn bad(&self, text: &str) -> String {
        text.to_owned()
    }
}

/// No colours.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

impl Style for Plain {}

/// One line for each hint about a question of `user`.
pub fn hint_lines(cluster: &Cluster, user: &str, hints: &[Hint]) -> Vec<String> {
    let texts = hints.iter().map(|hint| hint_text(cluster, user, hint));
    texts.collect()
}

/// An explanation and the hints as lines of text, each ended.
pub fn explanation<S: AsRef<str>>(
    cluster: &Cluster,
    attributes: &Attributes<'_, S>,
    explanation: &Explanation,
    hints: &[Hint],
    style: &dyn Style,
) -> String {
    let mut out = String::new();
    let asked = Asked::new(attributes);
    let hint_lines = |out: &mut String| {
        if !hints.is_empty() {
            line(out, &style.heading("hints:"));
        }
        for hint in hints {
            line(
                out,
                &format!("  - {}", hint_text(cluster, attributes.user, hint)),
            );
        }
    };
    if explanation.allowed {
        yes(cluster, &asked, explanation, style, &mut out);
        hint_lines(&mut out);
        return out;
    }
    let (no, who, question) = (
        style.bad("not allowed"),
        asked.who(),
        asked.question(cluster),
    );
    line(&mut out, &format!("{no}: {who} may not {question}"));
    // A question that was not meant comes before what would answer it.
    let doubtful = hints.iter().any(doubts_the_question);
    if doubtful {
        hint_lines(&mut out);
    }
    misses_and_fix(cluster, &asked, explanation, doubtful, style, &mut out);
    if !doubtful {
        hint_lines(&mut out);
    }
    out
}

/// The words of a question, as the text uses them.
struct Asked<'a> {
    request: Request<'a>,
    user: &'a str,
    groups: Vec<&'a str>,
    /// `RESOURCE[.GROUP][/SUBRESOURCE]`, or the path.
    what: String,
}

impl<'a> Asked<'a> {
    fn new<S: AsRef<str>>(attributes: &Attributes<'a, S>) -> Self {
        let what = match attributes.request {
            Request::NonResource { path, .. } => word(path),
            Request::Resource {
                group,
                resource,
                subresource,
                ..
            } => match subresource {
                "" => words::resource(group, resource),
                subresource => words::resource(group, &format!("{resource}/{subresource}")),
            },
        };
        Asked {
            request: attributes.request,
            user: attributes.user,
            groups: attributes.groups.iter().map(AsRef::as_ref).collect(),
            what,
        }
    }

    fn who(&self) -> String {
        let user = match service_account(self.user) {
            Some((namespace, name)) => format!("ServiceAccount {}", named(namespace, name)),
            None => format!("User {}", word(self.user)),
        };
        let groups: Vec<String> = self.groups.iter().map(|group| word(group)).collect();
        match groups.len() {
            0 => format!("{user} (no groups)"),
            1 => format!("{user} (group {})", groups[0]),
            _ => format!("{user} (groups {})", words::list(&groups)),
        }
    }

    /// The whole question, from the verb on.
    fn question(&self, cluster: &Cluster) -> String {
        let mut text = format!("{} {}", word(self.request.verb()), self.what);
        if let Request::Resource {
            group,
            resource,
            namespace,
            name,
            ..
        } = self.request
        {
            if !name.is_empty() {
                let _ = write!(text, " named {}", word(name));
            }
            let known = cluster.api_resources().find(group, resource);
            if !namespace.is_empty() {
                let _ = write!(text, " in namespace {}", word(namespace));
            } else if known.is_none_or(|r| r.namespaced()) {
                text.push_str(" in all namespaces");
            }
        }
        text
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn yes(
    cluster: &Cluster,
    asked: &Asked<'_>,
    explanation: &Explanation,
    style: &dyn Style,
    out: &mut String,
) {
    let allowed = style.good("allowed");
    if explanation.privileged {
        let why = "the user is in group system:masters, for which the server asks no authorizer";
        line(out, &format!("{allowed}: {why}"));
    }
    for grant in &explanation.grants {
        let binding = cluster.binding(grant.binding);
        let subject = &binding.subjects[grant.subject as usize];
        let (role, rule) = rule_of(cluster, grant);
        let mut from = place(cluster, rule.position);
        if let Some(source) = aggregated_from(cluster, grant.role, grant.rule) {
            let source = words::role(cluster, cluster.role(source));
            from = format!("{from}, aggregated from {source}");
        }
        let name = words::binding(cluster, binding);
        line(
            out,
            &format!("{allowed} by {name} ({})", place(cluster, binding.position)),
        );
        let name = words::role(cluster, role);
        line(
            out,
            &format!("  → {name} ({})", place(cluster, role.position)),
        );
        let mut what = words::rule(cluster, rule, &asked.what);
        if !rule.resource_names.is_empty() {
            let _ = write!(what, " named {}", symbols(cluster, &rule.resource_names));
        }
        line(out, &format!("  → rule: {what} ({from})"));
        line(out, &format!("  to {}", words::subject(cluster, subject)));
    }
}

fn rule_of<'c>(cluster: &'c Cluster, grant: &Grant) -> (&'c Role, &'c PolicyRule) {
    let role = cluster.role(grant.role);
    (role, &role.rules[grant.rule as usize])
}

/// The ClusterRole from which a rule of an aggregated one comes.
fn aggregated_from(cluster: &Cluster, role: RoleId, rule: u32) -> Option<RoleId> {
    let of = cluster.role(role);
    of.aggregation_rule.as_ref()?;
    let rule = &of.rules[rule as usize];
    // A copy keeps the position of its original; built-in rules all have the same one, and there the
    // words tell.
    let holds = |source: &Role| {
        source.kind == RoleKind::ClusterRole
            && source.aggregation_rule.is_none()
            && source
                .rules
                .iter()
                .any(|r| r.position == rule.position && r.same_content(rule))
    };
    let mut roles = (0u32..).map(RoleId).zip(cluster.roles());
    roles.find(|(_, source)| holds(source)).map(|(id, _)| id)
}

/// Whether a hint says that no real request is like the question, so that a fix would fix nothing.
fn doubts_the_question(hint: &Hint) -> bool {
    match hint {
        Hint::ServiceAccountMeant { .. }
        | Hint::NotAServiceAccount
        | Hint::SubresourceMeant { .. }
        | Hint::UnknownResource { .. }
        | Hint::UnknownSubresource { .. }
        | Hint::UnknownVerb { .. }
        | Hint::VerbNotServed { .. } => true,
        Hint::UnknownUser { suggestions }
        | Hint::UnknownNamespace { suggestions, .. }
        | Hint::UnknownGroup { suggestions, .. } => !suggestions.is_empty(),
        Hint::NoPods | Hint::MissingRole { .. } | Hint::ClusterScoped { .. } => false,
    }
}

fn misses_and_fix(
    cluster: &Cluster,
    asked: &Asked<'_>,
    explanation: &Explanation,
    doubtful: bool,
    style: &dyn Style,
    out: &mut String,
) {
    let misses = &explanation.nearest_misses;
    if misses.is_empty() {
        line(out, "nearest misses: none, no role allows anything like it");
    } else {
        let more = explanation.total_misses.saturating_sub(misses.len());
        let heading = match more {
            0 => "nearest misses:".to_owned(),
            more => format!("nearest misses ({more} more not shown):"),
        };
        line(out, &style.heading(&heading));
    }
    for (number, miss) in (1..).zip(misses) {
        line(
            out,
            &format!("  {number}. {}", miss_text(cluster, asked, miss)),
        );
        line(out, &format!("     {}", miss_places(cluster, miss)));
    }
    if let Some(fix) = &explanation.fix {
        let heading = match doubtful {
            true => "smallest fix, if the question is meant as asked:",
            false => "smallest fix:",
        };
        line(out, &style.heading(heading));
        for text in fix_text(cluster, fix).lines() {
            line(out, &format!("  {text}"));
        }
    }
}

/// One line: what is granted, and what of it differs.
fn miss_text(cluster: &Cluster, asked: &Asked<'_>, miss: &NearMiss) -> String {
    let binding = miss.binding.map(|id| cluster.binding(id));
    let (Some(role), Some(rule)) = (miss.role, miss.rule) else {
        let Some(binding) = binding else {
            return String::new();
        };
        let name = match binding.role_ref.kind {
            RoleKind::Role => named(
                cluster.str(binding.namespace),
                cluster.str(binding.role_ref.name),
            ),
            RoleKind::ClusterRole => word(cluster.str(binding.role_ref.name)),
        };
        let (from, kind) = (
            words::binding(cluster, binding),
            binding.role_ref.kind.as_str(),
        );
        return format!("{from} refers to {kind} {name}, which does not exist");
    };
    let role = cluster.role(role);
    let name = words::role(cluster, role);
    if miss.differences == [Difference::NotBound] {
        let holder = match (binding, miss.subject) {
            (Some(binding), Some(subject)) => {
                let subject = words::subject(cluster, &binding.subjects[subject as usize]);
                let others = match binding.subjects.len() - 1 {
                    0 => String::new(),
                    others => format!(" and {others} more"),
                };
                let scope = match binding.kind {
                    BindingKind::ClusterRoleBinding => String::new(),
                    BindingKind::RoleBinding => {
                        format!(" in {}", word(cluster.str(binding.namespace)))
                    }
                };
                let group = binding.subjects[miss.subject.unwrap_or(0) as usize];
                let here = binding.kind == BindingKind::ClusterRoleBinding
                    || cluster.str(binding.namespace) == asked.request.namespace();
                // Groups come with the login; a question that forgets them is the usual mistake.
                let forgotten = match group.kind {
                    SubjectKind::Group
                        if here && !cluster.str(group.name).starts_with("system:") =>
                    {
                        format!(
                            "; if the user is in that group, ask with --as-group {}",
                            word(cluster.str(group.name))
                        )
                    }
                    _ => String::new(),
                };
                format!("{subject}{others}{scope}, not to the user{forgotten}")
            }
            _ => "nobody".to_owned(),
        };
        return format!("{name} allows this, but is bound to {holder}");
    }
    let rule = &role.rules[rule as usize];
    let mut text = format!("{name} grants {}", words::rule(cluster, rule, &asked.what));
    for difference in &miss.differences {
        let apart = matches!(
            difference,
            Difference::Namespace { .. } | Difference::Subject { .. }
        );
        text.push_str(if apart { "; " } else { ", " });
        text.push_str(&difference_text(cluster, asked, miss, difference));
    }
    text
}

fn difference_text(
    cluster: &Cluster,
    asked: &Asked<'_>,
    miss: &NearMiss,
    difference: &Difference,
) -> String {
    let verb = word(asked.request.verb());
    match difference {
        Difference::Verb { .. } => format!("not {verb}"),
        Difference::Group { granted } => {
            let group = match asked.request {
                Request::Resource { group, .. } => group,
                Request::NonResource { .. } => "",
            };
            let granted = match granted.as_ref() {
                [Symbol::EMPTY] => "the core API group".to_owned(),
                granted => format!("API group {}", symbols(cluster, granted)),
            };
            match group {
                "" => format!("in {granted}, not in the core API group"),
                group => format!("in {granted}, not in {}", word(group)),
            }
        }
        Difference::Resource { granted, relation } => {
            let (granted, what) = (word(cluster.str(*granted)), &asked.what);
            match relation {
                ResourceRelation::NoWildcard => {
                    format!("but {granted} is no pattern: not on {what}")
                }
                ResourceRelation::Misspelling => format!("not on {what} (misspelt?)"),
                ResourceRelation::Parent => format!("which does not cover the subresource {what}"),
                ResourceRelation::Subresource => format!("which does not cover {what} itself"),
            }
        }
        Difference::Name { pinned, nameless } => {
            let pinned = symbols(cluster, pinned);
            match asked.request {
                Request::Resource { name, .. } if !nameless => {
                    format!(
                        "pinned to resourceNames {pinned}, you asked for {}",
                        word(name)
                    )
                }
                _ => format!("pinned to resourceNames {pinned}, you asked without a name"),
            }
        }
        Difference::Namespace { bound_in } => {
            let asked_in = match asked.request.namespace() {
                "" => "across the cluster".to_owned(),
                namespace => format!("in {}", word(namespace)),
            };
            format!(
                "bound in namespace {}, you asked {asked_in}",
                word(cluster.str(*bound_in))
            )
        }
        Difference::Subject { asked: of, .. } => {
            let subject = miss.binding.zip(miss.subject).map(|(binding, subject)| {
                words::subject(
                    cluster,
                    &cluster.binding(binding).subjects[subject as usize],
                )
            });
            let as_whom = match *of {
                AskedAs::Group(index) => {
                    format!(
                        "Group {}",
                        word(asked.groups.get(index as usize).unwrap_or(&""))
                    )
                }
                AskedAs::User => match service_account(asked.user) {
                    Some((namespace, name)) => format!("ServiceAccount {}", named(namespace, name)),
                    None => format!("User {}", word(asked.user)),
                },
            };
            format!(
                "binding names {}, you asked as {as_whom}",
                subject.unwrap_or_default()
            )
        }
        Difference::Url { .. } => format!("not on {}", asked.what),
        Difference::UrlInNamespace => {
            "but nonResourceURLs bound by a RoleBinding never grant".to_owned()
        }
        Difference::RoleMissing => "a role that does not exist".to_owned(),
        Difference::NotBound => "not bound to the user".to_owned(),
    }
}

/// Where the rule and the binding of a miss stand.
fn miss_places(cluster: &Cluster, miss: &NearMiss) -> String {
    let mut parts = Vec::new();
    if let (Some(role), Some(rule)) = (miss.role, miss.rule) {
        let position = cluster.role(role).rules[rule as usize].position;
        let mut part = format!("rule {}", place(cluster, position));
        if let Some(source) = aggregated_from(cluster, role, rule) {
            let source = words::role(cluster, cluster.role(source));
            let _ = write!(part, " (aggregated from {source})");
        }
        parts.push(part);
    }
    if let Some(binding) = miss.binding {
        let binding = cluster.binding(binding);
        let missing = miss.differences == [Difference::RoleMissing];
        let (what, position) = match missing {
            true => ("roleRef".to_owned(), binding.role_ref.position),
            false => (words::binding(cluster, binding), binding.position),
        };
        parts.push(format!("{what} {}", place(cluster, position)));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests;
