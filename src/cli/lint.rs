//! `lint`: what is dangerous in the loaded policy.

use super::args::{Common, LintArgs, LintOutput};
use super::lint_credentials::{self, Beside};
use super::project::{self, Project};
use super::{Exit, print, say_what_was_loaded};
use crate::authz::rbac::Rbac;
use crate::lint::baseline::{Baseline, Entry};
use crate::lint::config::{self, Config};
use crate::lint::suppress::{self, Suppression};
use crate::lint::{Finding, Lint, Rule, Settings, Severity, lint, locate, sort_findings};
use crate::load::discover::{self, Source};
use crate::load::{Format, LoadError, Loader, Options};
use crate::model::{Cluster, FileId};
use crate::render;
use crate::render::lint::{Shows, Sources};
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

pub(super) fn run(common: &Common, args: &LintArgs) -> Result<Exit> {
    if args.list_rules {
        print(match args.output {
            LintOutput::Json => format!("{:#}\n", render::lint::json::rules()),
            _ => render::lint::text::rules(),
        })?;
        return Ok(Exit::Yes);
    }
    if let Some(word) = &args.explain {
        let rule = suppress::rule(word).map_err(|message| anyhow!("--explain: {message}"))?;
        print(render::lint::docs::rule(rule))?;
        return Ok(Exit::Yes);
    }
    let project = Project::read(args.config.as_deref())?;
    let mut config = project.config.clone();
    config.only.extend(named(&args.only, "--only")?);
    config.skip.extend(named(&args.skip, "--skip")?);
    let baseline = read_baseline(args, &project)?;
    let (cluster, sources, mut suppressions, beside) = load(common, args, &project)?;
    suppressions.append(&mut config.exceptions);

    let now = common.server.now.unwrap_or_else(jiff::Timestamp::now);
    let settings = settings(&config, now);
    let rbac = Rbac::new(&cluster);
    let (server, unusable) = lint_credentials::server(common)?;
    let credentials =
        lint_credentials::gather(common, args, &cluster, beside, server.as_ref(), unusable)?;
    let context = Lint::new(&cluster, &rbac, &settings).with_credentials(&credentials);
    let mut report = lint(&context);
    let wanted = |rule: &Rule| {
        let in_list = |list: &[&'static Rule]| list.iter().any(|other| other.id == rule.id);
        (config.only.is_empty() || in_list(&config.only)) && !in_list(&config.skip)
    };
    report.findings = filtered(report.findings, &wanted);
    report
        .not_checked
        .retain(|entry| crate::lint::rules::find(entry.id).is_none_or(&wanted));
    locate(&context, &mut report.findings, |file| {
        sources.text(cluster.file_name(file))
    });
    // An exception of a rule that is not asked about is not inert.
    suppressions.retain(|suppression| suppression.rules.iter().any(|rule| wanted(rule)));
    let today = jiff::tz::Offset::UTC.to_datetime(now).date();
    let (findings, suppressed) = suppress::apply(&context, report.findings, &suppressions, today);
    let mut findings = filtered(findings, &|rule| {
        wanted(rule) || rule.id.starts_with("RBC69")
    });
    sort_findings(&mut findings);

    let mut shows = Shows {
        findings: render::lint::shown(&context, &findings),
        not_checked: report.not_checked,
        suppressed,
        roles: cluster
            .roles()
            .iter()
            .filter(|role| !role.position.is_built_in())
            .count(),
        bindings: cluster
            .bindings()
            .iter()
            .filter(|b| !b.position.is_built_in())
            .count(),
        files: cluster.file_count(),
        ..Shows::default()
    };
    if let Some(path) = &args.write_baseline {
        write_baseline(path, &shows)?;
        return Ok(Exit::Yes);
    }
    if let Some((name, baseline)) = baseline {
        subtract(&mut shows, &name, &baseline);
    }
    let fail_on = args.fail_on.or(config.fail_on).unwrap_or(Severity::High);
    let failed = shows
        .findings
        .iter()
        .any(|finding| finding.severity >= fail_on);
    let least = args
        .profile
        .or(config.profile)
        .unwrap_or_default()
        .least()
        .min(fail_on);
    let before = shows.findings.len();
    shows.findings.retain(|finding| finding.severity >= least);
    shows.hidden = before - shows.findings.len();
    print(match args.output {
        LintOutput::Text => render::lint::text::report(&shows, &sources, common.verbose),
        LintOutput::Json => format!("{:#}\n", render::lint::json::report(&shows)),
        LintOutput::Sarif => format!("{:#}\n", render::lint::sarif::report(&shows)),
        LintOutput::Github => render::lint::github::report(&shows),
        LintOutput::Gitlab => format!("{:#}\n", render::lint::gitlab::report(&shows)),
        LintOutput::Junit => render::lint::junit::report(&shows),
    })?;
    Ok(if failed { Exit::No } else { Exit::Yes })
}

fn filtered(findings: Vec<Finding>, wanted: &impl Fn(&Rule) -> bool) -> Vec<Finding> {
    let findings = findings.into_iter();
    findings
        .filter_map(|finding| finding.without(|rule| !wanted(rule)))
        .collect()
}

fn named(words: &[String], flag: &str) -> Result<Vec<&'static Rule>> {
    let given = !words.is_empty();
    let words = words.iter().filter(|word| !word.is_empty());
    let words = words.collect::<Vec<_>>();
    if given && words.is_empty() {
        return Err(anyhow!("{flag}: names no rule"));
    }
    let words = words.into_iter();
    words
        .map(|word| suppress::rule(word).map_err(|message| anyhow!("{flag}: {message}")))
        .collect()
}

fn settings(config: &Config, now: jiff::Timestamp) -> Settings {
    let mut settings = Settings::new(now);
    settings
        .privileged_namespaces
        .clone_from(&config.privileged_namespaces);
    settings.complete = config.complete;
    settings.most_cluster_admins = config
        .most_cluster_admins
        .unwrap_or(settings.most_cluster_admins);
    let severities = config.severities.iter();
    settings.severities = severities
        .map(|(rule, severity)| (rule.id.to_owned(), *severity))
        .collect();
    settings
}

fn read_baseline(args: &LintArgs, project: &Project) -> Result<Option<(String, Baseline)>> {
    if args.write_baseline.is_some() {
        return Ok(None);
    }
    let configured = project.config.baseline.as_deref();
    let configured = configured.map(|path| PathBuf::from(project.beside(path)));
    let Some(path) = args.baseline.clone().or(configured) else {
        return Ok(None);
    };
    let text = project::read(&path)?;
    let name = path.display().to_string();
    let baseline = Baseline::parse(&text)
        .map_err(|(line, column, message)| anyhow!("{name}:{line}:{column}: {message}"))?;
    Ok(Some((name, baseline)))
}

fn write_baseline(path: &Path, shows: &Shows) -> Result<()> {
    let findings = shows.findings.iter().map(|finding| Entry {
        fingerprint: finding.fingerprint.clone(),
        rule: finding.rule.id.to_owned(),
        severity: finding.severity.as_str().to_owned(),
        message: finding.message.clone(),
    });
    let baseline = Baseline {
        version: 1,
        findings: findings.collect(),
    };
    let text = serde_json::to_string_pretty(&baseline)? + "\n";
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

/// Takes what is in the baseline away; what of it is not there any more is a finding.
fn subtract(shows: &mut Shows, name: &str, baseline: &Baseline) {
    let mut used = vec![false; baseline.findings.len()];
    let entries: std::collections::HashMap<&str, usize> = baseline
        .findings
        .iter()
        .enumerate()
        .map(|(i, entry)| (entry.fingerprint.as_str(), i))
        .collect();
    let before = shows.findings.len();
    shows.findings.retain(|finding| {
        let Some(&i) = entries.get(finding.fingerprint.as_str()) else {
            return true;
        };
        used[i] = true;
        let was = Severity::parse(&baseline.findings[i].severity);
        was.is_none_or(|was| was < finding.severity)
    });
    shows.known = before - shows.findings.len();
    for (entry, _) in baseline.findings.iter().zip(used).filter(|(_, used)| !used) {
        shows.findings.push(render::lint::stale_entry(name, entry));
    }
}

/// The cluster, the texts, and the suppressions in them.
fn load(
    common: &Common,
    args: &LintArgs,
    project: &Project,
) -> Result<(Cluster, Sources, Vec<Suppression>, Beside)> {
    let mut named: Vec<String> = common.filename.clone();
    named.extend(args.paths.iter().cloned());
    // A token that is named is judged without the current folder.
    let implied = named.is_empty() && args.token_file.is_empty();
    if implied {
        named = project.sources();
    }
    if implied && named.is_empty() {
        named.push(".".to_owned());
    }
    let options = Options {
        manifest_namespace: common.manifest_namespace.clone(),
        defaults: !common.no_defaults,
        aggregation: !common.no_aggregation,
        // A folder of a repository holds values and charts as well.
        skip_foreign: named.iter().any(|name| Path::new(name).is_dir()),
    };
    let mut loader = Loader::new(options);
    let mut sources = Sources::default();
    let mut suppressions = Vec::new();
    let given = args.config.as_deref();
    let mut beside = Beside::default();
    let mut files = (1u32..).map(FileId);
    for source in wanted(&named, given)? {
        let name = source.name();
        let text = source.read()?;
        if beside.take(&source, &text) {
            continue;
        }
        let Some(file) = files.next() else { break };
        loader.add_text(&name, &text, Format::of(&source))?;
        let found = suppress::in_text(file, &text).map_err(|error| LoadError::Malformed {
            file: name.clone(),
            line: error.position.line,
            column: error.position.column,
            message: error.message,
        })?;
        suppressions.extend(found);
        sources.add(name, text);
    }
    let cluster = loader.finish();
    say_what_was_loaded(common, &cluster);
    Ok((cluster, sources, suppressions, beside))
}

/// What is loaded: everything that is named but the configuration.
fn wanted(named: &[String], config: Option<&Path>) -> Result<Vec<Source>, LoadError> {
    let mut sources = discover::discover(named)?;
    sources.retain(|source| match source {
        Source::Stdin => true,
        Source::File(path) => {
            path.file_name().is_none_or(|name| name != config::FILE) && config != Some(path)
        }
    });
    Ok(sources)
}
