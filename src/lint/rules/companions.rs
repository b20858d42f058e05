//! Rights that are of little use without another one beside them.

use crate::lint::{Check, Example, Found, Lint, Rule, Severity};
use crate::model::{BindingId, Quoted, Request, RoleId, Symbol};

const fn rule(
    id: &'static str,
    name: &'static str,
    words: [&'static str; 3],
    reference: &'static [&'static str],
    examples: [&'static str; 3],
) -> Rule {
    Rule {
        id,
        name,
        severity: Severity::Info,
        what: words[0],
        why: words[1],
        fix: words[2],
        references: reference,
        bad: Example::Cluster(examples[0]),
        good: Example::Cluster(examples[1]),
        near: Example::Cluster(examples[2]),
        check: Check::With("RBC648"),
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        check: Check::Role(check),
        ..rule(
            "RBC648",
            "parent-without-subresource",
            [
                "may read a resource but not the part of it that usually goes with it",
                "a resource does not include its subresources: whoever needs the part is refused",
                "name the subresource as well, if it is needed",
            ],
            &["RBAC documentation: referring to resources"],
            [
                "{apiGroups: [''], resources: [pods], verbs: [get, list]}",
                "{apiGroups: [''], resources: [pods, pods/log], verbs: [get, list]}",
                "{apiGroups: [example.com], resources: [pods], verbs: [get, list]}",
            ],
        )
    },
    rule(
        "RBC649",
        "subresource-without-parent",
        [
            "may use a part of a resource but not the resource itself",
            "a subresource does not include its resource: most clients read the resource first, and are refused",
            "name the resource as well, if it is needed",
        ],
        &["RBAC documentation: referring to resources"],
        [
            "{apiGroups: [''], resources: [pods/log], verbs: [get]}",
            "{apiGroups: [''], resources: [pods, pods/log], verbs: [get]}",
            // Tokens are asked for without a look at the account.
            "{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}",
        ],
    ),
];

/// What scales by the subresource `scale`.
const SCALED: [&str; 3] = ["deployments", "replicasets", "statefulsets"];

/// Subresources that are used without a look at their resource; RBC647 speaks of the last one.
const ALONE: [(&str, &str); 4] = [
    ("serviceaccounts", "token"),
    ("pods", "eviction"),
    ("pods", "binding"),
    ("pods", "exec"),
];

/// How many words of a role are looked at.
const WORDS: usize = 64;

/// How many bindings of a role, and subjects of each, are asked about.
const MOST: usize = 5;

/// What may be done with which resource, and what else is said of it.
type Held<'r> = (&'static str, &'r str, &'static str);

/// A right that calls for another one.
struct Wish<'r> {
    id: &'static str,
    /// The rule of the role.
    rule: u32,
    held: Held<'r>,
    group: &'r str,
    /// The verbs of which one is enough.
    verbs: &'static [&'static str],
    resource: &'r str,
    subresource: &'r str,
    name: &'r str,
}

fn check(lint: &Lint<'_>, id: RoleId, found: &mut Found) {
    let bindings = lint.bindings_of(id);
    if bindings.is_empty() || lint.is_everything(id) {
        return;
    }
    let mut said: Vec<(&str, u32)> = Vec::new();
    for wish in wishes(lint, id) {
        // One finding for each rule of the role and what it lacks.
        if said.contains(&(wish.id, wish.rule)) {
            continue;
        }
        let lacking = bindings.iter().take(MOST).find_map(|binding| {
            let subjects = 0..lint.cluster.binding(*binding).subjects.len().min(MOST) as u32;
            let mut lacking = subjects.filter(|subject| !holds(lint, *binding, *subject, &wish));
            Some((*binding, lacking.next()?))
        });
        let Some((binding, subject)) = lacking else {
            continue;
        };
        said.push((wish.id, wish.rule));
        let wanted = match wish.subresource {
            "" => wish.resource.to_owned(),
            sub => format!("{}/{sub}", wish.resource),
        };
        let verb = wish.verbs[0];
        let mut finding = lint.of_subject(wish.id, Severity::Info, binding, subject);
        finding.role_rules.push(wish.rule);
        let (does, what, more) = wish.held;
        finding.what = Some(format!("may {does} {what}{more} but not {verb} {wanted}").into());
        finding.fix = Some(
            format!(
                "grant {verb} on {} as well, if it is needed",
                Quoted(&wanted)
            )
            .into(),
        );
        found.add(finding);
    }
}

fn wishes<'r>(lint: &Lint<'r>, id: RoleId) -> Vec<Wish<'r>> {
    let role = lint.cluster.role(id);
    let scales = role.rules.iter().any(|rule| {
        let mut resources = rule.resources.iter();
        resources.any(|resource| lint.str(*resource) == "horizontalpodautoscalers")
    });
    let mut wishes = Vec::new();
    for (index, rule) in (0u32..).zip(&role.rules) {
        let words = |list: &'r [Symbol]| list.iter().take(WORDS).copied();
        let is_in = |list: &'r [Symbol], wanted: &str| words(list).any(|w| lint.str(w) == wanted);
        let has = |verb: &str| is_in(&rule.verbs, verb);
        let name = rule.resource_names.first();
        let name = name.map_or("", |name| lint.str(*name));
        // Most rules hold what goes together, and none of them costs a look at the catalogue.
        let beside = |resource: &str| {
            rule.resources.contains(&Symbol::ANY) || is_in(&rule.resources, resource)
        };
        let lacks = |verb: &str, other: &str| has(verb) && !has(other) && !has("*");
        let (watches, patches) = (lacks("watch", "list"), lacks("patch", "get"));
        for symbol in words(&rule.resources) {
            let resource = lint.str(symbol);
            let parts = resource.split_once('/');
            let mut of_rule: Vec<(&'static str, Held<'r>, Verbs, &'r str, &'static str)> =
                Vec::new();
            match parts {
                Some((parent, sub)) if !ALONE.contains(&(parent, sub)) && !beside(parent) => {
                    of_rule.push(("RBC649", ("use", resource, ""), ANY, parent, ""));
                }
                Some(_) => continue,
                None => {}
            }
            if parts.is_none() && watches {
                of_rule.push(("RBC647", ("watch", resource, ""), &["list"], resource, ""));
            }
            // Events are patched by whoever made them, unseen.
            if parts.is_none() && patches && resource != "events" {
                of_rule.push(("RBC647", ("patch", resource, ""), &["get"], resource, ""));
            }
            if resource == "pods" && has("get") && !beside("pods/log") {
                let held = ("get", resource, "");
                of_rule.push(("RBC648", held, &["get"], resource, "log"));
            }
            if scales && SCALED.contains(&resource) {
                let held = ("handle", resource, " and autoscalers");
                of_rule.push(("RBC648", held, &["update", "patch"], resource, "scale"));
            }
            if of_rule.is_empty() {
                continue;
            }
            for group in words(&rule.api_groups) {
                if lint.served(group, symbol).is_none() {
                    continue;
                }
                let group = lint.str(group);
                let served = |name: &str| lint.catalogue().served(group, name).is_some();
                if parts.is_some_and(|(parent, _)| !served(parent)) {
                    continue;
                }
                for (id, held, verbs, resource, subresource) in &of_rule {
                    // Pods of another group have no log.
                    if !subresource.is_empty() && !served(&format!("{resource}/{subresource}")) {
                        continue;
                    }
                    wishes.push(Wish {
                        id,
                        rule: index,
                        held: *held,
                        group,
                        verbs,
                        resource,
                        subresource,
                        name,
                    });
                }
                if wishes.len() >= WORDS {
                    return wishes;
                }
            }
        }
    }
    wishes
}

/// Verbs of which one is enough.
type Verbs = &'static [&'static str];

/// Any right on a resource.
const ANY: Verbs = &[
    "get", "list", "watch", "create", "update", "patch", "delete",
];

fn holds(lint: &Lint<'_>, binding: BindingId, subject: u32, wish: &Wish<'_>) -> bool {
    let request = Request::Resource {
        verb: wish.verbs[0],
        group: wish.group,
        resource: wish.resource,
        subresource: wish.subresource,
        namespace: lint.str(lint.cluster.binding(binding).namespace),
        name: wish.name,
    };
    lint.may_ask_one_of(binding, subject, &request, wish.verbs)
}
