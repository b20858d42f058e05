//! `rbac-check.yaml`: what a team decided about the rules.

use super::settings::GroupResource;
use super::suppress::{self, Suppression, Target};
use super::{Rule, Severity};
use crate::load::tree::{Kind, Value};
use crate::load::whole;
use crate::model::Position;

/// The file that is looked for, from the current folder upwards.
pub const FILE: &str = crate::load::discover::CONFIGURATION;

/// What the file says; what it leaves out is `None` or empty.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `sources`: files, folders and patterns, relative to the file's folder, which every command loads where
    /// its flags name none.
    pub sources: Vec<String>,
    /// `lint.profile`.
    pub profile: Option<Profile>,
    /// `lint.failOn`.
    pub fail_on: Option<Severity>,
    /// `lint.only`.
    pub only: Vec<&'static Rule>,
    /// `lint.skip`.
    pub skip: Vec<&'static Rule>,
    /// `lint.severity`.
    pub severities: Vec<(&'static Rule, Severity)>,
    /// `lint.privilegedNamespaces`.
    pub privileged_namespaces: Vec<String>,
    /// `lint.complete`.
    pub complete: Option<bool>,
    /// `lint.workloadKinds`.
    pub workload_kinds: Vec<GroupResource>,
    /// `lint.mostClusterAdmins`.
    pub most_cluster_admins: Option<usize>,
    /// `lint.baseline`.
    pub baseline: Option<String>,
    /// `lint.exceptions`.
    pub exceptions: Vec<Suppression>,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// High and critical findings.
    Minimal,
    /// Everything but what is merely good to know.
    #[default]
    Default,
    /// Everything.
    Strict,
}

impl Profile {
    /// The profile of a word.
    pub fn parse(word: &str) -> Option<Profile> {
        match word {
            "minimal" => Some(Profile::Minimal),
            "default" => Some(Profile::Default),
            "strict" => Some(Profile::Strict),
            _ => None,
        }
    }

    /// The least severity that is shown.
    pub fn least(self) -> Severity {
        match self {
            Profile::Minimal => Severity::High,
            Profile::Default => Severity::Low,
            Profile::Strict => Severity::Info,
        }
    }
}

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct ConfigError {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// What is wrong, and what is expected.
    pub message: String,
}

fn at(value: Value<'_>, message: impl Into<String>) -> ConfigError {
    ConfigError {
        line: value.line(),
        column: value.column(),
        message: message.into(),
    }
}

const FIELDS: [&str; 11] = [
    "profile",
    "failOn",
    "only",
    "skip",
    "severity",
    "privilegedNamespaces",
    "complete",
    "workloadKinds",
    "mostClusterAdmins",
    "baseline",
    "exceptions",
];

/// Reads a configuration of this name.
///
/// # Errors
/// [`ConfigError`] with the place.
pub fn parse(name: &str, text: &str) -> Result<Config, ConfigError> {
    let documents = whole::documents(text).map_err(|error| ConfigError {
        line: error.line,
        column: error.column,
        message: error.message,
    })?;
    let mut config = Config::default();
    let Some(root) = documents.first().and_then(|tree| tree.root()) else {
        return Ok(config);
    };
    if let Some(second) = documents.get(1).and_then(|tree| tree.root()) {
        return Err(at(second, "a configuration is one document"));
    }
    // Decoders keep the last of two values; a decision that is not heard is no decision.
    let tree = documents.first();
    if let Some(entry) = tree.and_then(|tree| tree.duplicates().next()) {
        return Err(at(entry.key, format!("{:?} is given twice", entry.name)));
    }
    fields(root, &["sources", "lint", "$schema"])?;
    if let Some(sources) = root.get("sources").filter(|sources| !sources.is_null()) {
        for (source, value) in strings(sources)? {
            if source.is_empty() || source == "-" {
                return Err(at(value, "expected a file, a folder or a pattern"));
            }
            config.sources.push(source.to_owned());
        }
        if config.sources.is_empty() {
            return Err(at(
                sources,
                "names nothing: leave `sources` out to load the current folder",
            ));
        }
    }
    let Some(lint) = root.get("lint").filter(|lint| !lint.is_null()) else {
        return Ok(config);
    };
    fields(lint, &FIELDS)?;
    for entry in lint.entries() {
        let value = entry.value;
        match entry.name {
            "profile" => {
                let profile = Profile::parse(string(value)?);
                let expected = "expected minimal, default or strict";
                config.profile = Some(profile.ok_or_else(|| at(value, expected))?);
            }
            "failOn" => config.fail_on = Some(severity(value)?),
            "only" => config.only = rules(value)?,
            "skip" => config.skip = rules(value)?,
            "severity" => {
                mapping(value)?;
                for entry in value.entries() {
                    let rule = suppress::rule(entry.name).map_err(|e| at(entry.key, e))?;
                    if config
                        .severities
                        .iter()
                        .any(|(other, _)| other.id == rule.id)
                    {
                        return Err(at(entry.key, format!("{} is given twice", rule.id)));
                    }
                    config.severities.push((rule, severity(entry.value)?));
                }
            }
            "privilegedNamespaces" => {
                config.privileged_namespaces = strings(value)?
                    .iter()
                    .map(|(s, _)| (*s).to_owned())
                    .collect();
            }
            "complete" => {
                let complete = value
                    .as_bool()
                    .ok_or_else(|| at(value, "expected true or false"))?;
                config.complete = Some(complete);
            }
            "workloadKinds" => config.workload_kinds = workload_kinds(value)?,
            "mostClusterAdmins" => {
                let number = value.as_number().and_then(|n| n.parse().ok());
                config.most_cluster_admins =
                    Some(number.ok_or_else(|| at(value, "expected a number"))?);
            }
            "baseline" => {
                let path = string(value)?;
                if path.is_empty() {
                    return Err(at(value, "expected the name of a file"));
                }
                config.baseline = Some(path.to_owned());
            }
            "exceptions" => config.exceptions = exceptions(name, value)?,
            _ => {}
        }
    }
    Ok(config)
}

/// How many kinds there is room for among the requests that are asked about.
pub(super) const WORKLOAD_KINDS: usize = 16;

fn workload_kinds(value: Value<'_>) -> Result<Vec<GroupResource>, ConfigError> {
    let kinds = strings(value)?.into_iter().map(|(text, value)| {
        let kind = GroupResource::parse(text);
        kind.ok_or_else(|| {
            at(
                value,
                "expected RESOURCE.GROUP, as in workflows.argoproj.io",
            )
        })
    });
    let kinds: Vec<GroupResource> = kinds.collect::<Result<_, _>>()?;
    if kinds.len() > WORKLOAD_KINDS {
        let message = format!("{} kinds; expected {WORKLOAD_KINDS} at most", kinds.len());
        return Err(at(value, message));
    }
    Ok(kinds)
}

fn exceptions(name: &str, value: Value<'_>) -> Result<Vec<Suppression>, ConfigError> {
    sequence(value)?;
    let mut exceptions = Vec::new();
    for item in value.items() {
        fields(item, &["rules", "objects", "reason", "until"])?;
        let need = |field: &str| {
            item.get(field)
                .ok_or_else(|| at(item, format!("an exception needs `{field}`")))
        };
        let reason = need("reason")?;
        let text = string(reason)?.trim();
        if text.is_empty() {
            return Err(at(
                reason,
                "an exception needs a reason: say why it is accepted",
            ));
        }
        let objects = item.get("objects").map_or(Ok(Vec::new()), strings)?;
        if let Some(value) = item.get("objects").filter(|_| objects.is_empty()) {
            let message = "expected an object; without `objects`, the exception is for all";
            return Err(at(value, message));
        }
        for (object, value) in &objects {
            let parts: Vec<&str> = object.split('/').collect();
            let stars = object.strip_suffix('*').unwrap_or(object).contains('*');
            let empty = parts.iter().any(|part| part.is_empty());
            if !(2..=3).contains(&parts.len()) || empty || stars {
                let expected =
                    "expected KIND/NAME or KIND/NAMESPACE/NAME, where the name may end in *";
                return Err(at(*value, expected));
            }
        }
        let until = item
            .get("until")
            .map(|until| suppress::date(string(until)?).map_err(|message| at(until, message)));
        let of = need("rules")?;
        let rules = rules(of)?;
        if rules.is_empty() {
            return Err(at(of, "an exception needs a rule"));
        }
        exceptions.push(Suppression {
            rules,
            reason: text.to_owned(),
            until: until.transpose()?,
            target: Target::Named(objects.iter().map(|(s, _)| (*s).to_owned()).collect()),
            position: Position {
                line: item.line(),
                column: item.column(),
                ..Position::BUILT_IN
            },
            file: Some(name.to_owned()),
        });
    }
    Ok(exceptions)
}

fn fields(value: Value<'_>, known: &[&str]) -> Result<(), ConfigError> {
    mapping(value)?;
    for entry in value.entries() {
        if !known.contains(&entry.name) {
            let message = format!(
                "unknown field {:?}; expected one of {}",
                entry.name,
                known.join(", ")
            );
            return Err(at(entry.key, message));
        }
    }
    Ok(())
}

fn mapping(value: Value<'_>) -> Result<(), ConfigError> {
    match value.kind() {
        Kind::Mapping => Ok(()),
        _ => Err(at(value, "expected a mapping")),
    }
}

fn sequence(value: Value<'_>) -> Result<(), ConfigError> {
    match value.kind() {
        Kind::Sequence => Ok(()),
        _ => Err(at(value, "expected a list")),
    }
}

fn string<'t>(value: Value<'t>) -> Result<&'t str, ConfigError> {
    value.as_str().ok_or_else(|| at(value, "expected a string"))
}

fn strings<'t>(value: Value<'t>) -> Result<Vec<(&'t str, Value<'t>)>, ConfigError> {
    sequence(value)?;
    value
        .items()
        .map(|item| Ok((string(item)?, item)))
        .collect()
}

fn severity(value: Value<'_>) -> Result<Severity, ConfigError> {
    Severity::parse(string(value)?)
        .ok_or_else(|| at(value, "expected info, low, medium, high or critical"))
}

fn rules(value: Value<'_>) -> Result<Vec<&'static Rule>, ConfigError> {
    let words = strings(value)?.into_iter();
    words
        .map(|(word, value)| suppress::rule(word).map_err(|message| at(value, message)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_field() {
        let config = parse(
            FILE,
            "lint:\n  profile: strict\n  failOn: medium\n  only: [RBC101]\n  skip: [read-secrets-cluster]\n  severity: {RBC116: low}\n  privilegedNamespaces: [prod]\n  complete: true\n  workloadKinds: [workflows.argoproj.io]\n  mostClusterAdmins: 1\n  baseline: base.json\n  exceptions:\n  - rules: [RBC108]\n    objects: [ClusterRoleBinding/a*]\n    reason: by design\n    until: '2027-01-31'\n",
        )
        .expect("good");
        assert_eq!(config.profile, Some(Profile::Strict));
        assert_eq!(config.fail_on, Some(Severity::Medium));
        assert_eq!(config.skip[0].id, "RBC108");
        assert_eq!(config.exceptions.len(), 1);
        assert!(parse(FILE, "").is_ok());
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let cases = [
            ("lint:\n  failon: high\n", "2:3: unknown field"),
            ("lint:\n  failOn: grave\n", "2:11: expected info"),
            ("lint: [a]\n", "1:7: expected a mapping"),
            ("lint:\n  skip: [RBC999]\n", "2:10: no rule"),
            (
                "lint:\n  exceptions:\n  - rules: [RBC108]\n",
                "3:5: an exception needs `reason`",
            ),
            (
                "lint:\n  exceptions:\n  - {rules: [RBC108], reason: x, objects: [a]}\n",
                "3:44: expected KIND/NAME",
            ),
            (
                "lint:\n  exceptions:\n  - {rules: [RBC108], reason: x, until: soon}\n",
                "3:41: \"soon\" is no day",
            ),
            ("a: {\n", "2:1"),
            (
                "lint:\n  failOn: low\n  failOn: high\n",
                "3:3: \"failOn\" is given twice",
            ),
            (
                "lint:\n  severity: {RBC108: low, read-secrets-cluster: high}\n",
                "2:27: RBC108 is given twice",
            ),
            ("lint:\n  baseline: ''\n", "2:13: expected the name"),
            ("lint:\n  only:\n", "2:8: expected a list"),
            ("lint:\n  only: [RBC101, 3]\n", "2:18: expected a string"),
            (
                "lint:\n  mostClusterAdmins: -1\n",
                "2:22: expected a number",
            ),
            ("lint:\n  complete: 'yes'\n", "2:13: expected true or false"),
            (
                "lint:\n  workloadKinds: [jobs.a.io, Jobs]\n",
                "2:30: expected RESOURCE.GROUP",
            ),
            (
                "lint:\n  workloadKinds: [a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b,a.b]\n",
                "2:18: 17 kinds; expected 16 at most",
            ),
            (
                "lint: {}\n---\nlint: {}\n",
                "3:1: a configuration is one document",
            ),
            ("apiVersion: v9\n", "1:1: unknown field"),
            (
                "lint:\n  exceptions:\n  - {rules: [], reason: x}\n",
                "3:13: an exception needs a rule",
            ),
            (
                "lint:\n  exceptions:\n  - {rules: [RBC108], reason: x, objects: []}\n",
                "3:43: expected an object",
            ),
            (
                "lint:\n  exceptions:\n  - {rules: [RBC108], reason: x, objects: [Role/a*b]}\n",
                "3:44: expected KIND/NAME",
            ),
            (
                "lint:\n  exceptions:\n  - {rules: [RBC108], reason: x, until: 20270131}\n",
                "3:41: expected a string",
            ),
        ];
        for (text, expected) in cases {
            let error = parse(FILE, text).expect_err(text).to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}
