//! The documentation of rules, for `--explain`, `docs/rules.md` and SARIF's help.

use crate::lint::{Check, Example, Rule, rules};
use std::fmt::Write;

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// A rule in Markdown, without its head.
pub fn body(rule: &Rule) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}\n",
        sentence(&format!("finds who or what {}", rule.what))
    );
    let _ = writeln!(out, "**Why.** {}\n", sentence(rule.why));
    let _ = writeln!(out, "**Fix.** {}\n", sentence(rule.fix));
    if let Check::Grant(grant) = &rule.check {
        let needs: Vec<String> = grant
            .needs
            .iter()
            .map(|need| {
                need.iter()
                    .map(|n| format!("`{n}`"))
                    .collect::<Vec<_>>()
                    .join(" or ")
            })
            .collect();
        let _ = writeln!(out, "**Found by.** {}.\n", needs.join("; together with "));
    }
    let _ = writeln!(out, "**References.** {}.\n", rule.references.join("; "));
    for (name, example) in [
        ("Bad", &rule.bad),
        ("Good", &rule.good),
        ("Not reported", &rule.near),
    ] {
        match (example, example.manifest()) {
            (Example::None(why), _) => {
                let _ = writeln!(out, "{name}: {why}.\n");
            }
            (_, Some(manifest)) => {
                let _ = writeln!(out, "{name}:\n\n```yaml\n{}\n```\n", manifest.trim_end());
            }
            _ => {}
        }
    }
    out.trim_end().to_owned() + "\n"
}

/// A rule in Markdown.
pub fn rule(rule: &Rule) -> String {
    format!(
        "## {} `{}` ({})\n\n{}",
        rule.id,
        rule.name,
        rule.severity,
        body(rule)
    )
}

/// `docs/rules.md`.
pub fn page() -> String {
    let mut out = String::from(
        "# The rules of `rbac-check lint`\n\n\
         Generated from the rules themselves (`UPDATE_GENERATED=1 cargo test --test lint`). Every rule judges what a subject can\n\
         really do, by the matcher of `can-i`.\n\n\
         The severity in the head is that of a ClusterRoleBinding, for all names, to one subject. It is one step less in a namespace\n\
         without powerful service accounts and for listed names, one step more for subjects that are everybody (`system:authenticated`,\n\
         every service account, the account `default`), and `info` for a role that nobody is bound to. Namespaces that hold a service\n\
         account with a critical grant count like kube-system. Objects of a fresh cluster are recognised by their content.\n\n\
         | id | name | severity | finds who or what |\n| --- | --- | --- | --- |\n",
    );
    for rule in rules::all() {
        let _ = writeln!(
            out,
            "| [{}](#{}) | `{}` | {} | {} |",
            rule.id,
            anchor(rule),
            rule.name,
            rule.severity,
            rule.what
        );
    }
    out.push('\n');
    for one in rules::all() {
        out.push_str(&rule(one));
        out.push('\n');
    }
    out.push_str(include_str!("left_out.md"));
    out
}

fn anchor(rule: &Rule) -> String {
    format!("{}-{}-{}", rule.id.to_lowercase(), rule.name, rule.severity)
}
