//! `lint`: what is dangerous in the loaded policy.

use super::args::{Common, LintArgs, LintOutput};
use super::lint_credentials::{self, Beside};
use super::project::{self, Project};
use super::{Exit, print, print_with, say_what_was_loaded};
use crate::authz::rbac::Rbac;
use crate::lint::baseline::{Baseline, Entry};
use crate::lint::config::{self, Config};
use crate::lint::suppress::{self, Suppression};
use crate::lint::{
    Finding, Inventory, Lint, Rule, Settings, Severity, identify, lint, locate, sort_findings,
};
use crate::load::discover::{self, Source};
use crate::load::{Format, LoadError, Loader, Options};
use crate::model::{Cluster, FileId};
use crate::render;
use crate::render::lint::{Shows, Sources, github, gitlab, json, junit, sarif, text};
use anyhow::{Context, Result, anyhow};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

pub(super) fn run(common: &Common, args: &LintArgs) -> Result<Exit> {
    if args.list_rules {
        print(match args.output {
            LintOutput::Json => format!("{:#}\n", json::rules()),
            _ => text::rules(),
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
    let only = named(&args.only, "--only")?;
    if !only.is_empty() {
        config.only = only;
    }
    config.skip.extend(named(&args.skip, "--skip")?);
    let wanted = |rule: &Rule| {
        let in_list = |list: &[&'static Rule]| list.iter().any(|other| other.id == rule.id);
        (config.only.is_empty() || in_list(&config.only)) && !in_list(&config.skip)
    };
    if !crate::lint::rules::all().any(wanted) {
        return Err(anyhow!(
            "no rule is left: every one that is asked for is skipped{}",
            project.named_in()
        ));
    }
    let baseline = read_baseline(args, &project)?;
    if let Some(path) = &args.write_baseline {
        may_be_replaced(path)?;
    }
    let (cluster, sources, mut suppressions, beside) = load(common, args, &project)?;
    suppressions.extend(config.exceptions.iter().cloned());

    let now = common.server.now.unwrap_or_else(jiff::Timestamp::now);
    let mut settings = settings(&config, now);
    settings.identities = identities(args)?;
    let rbac = Rbac::new(&cluster);
    let (server, unusable) = lint_credentials::server(common)?;
    let credentials =
        lint_credentials::gather(common, args, &cluster, beside, server.as_ref(), unusable)?;
    let context = Lint::new(&cluster, &rbac, &settings).with_credentials(&credentials);
    let mut report = lint(&context);
    report
        .not_checked
        .retain(|entry| crate::lint::rules::find(entry.id).is_none_or(&wanted));
    locate(&context, &mut report.findings, |file| {
        sources.text(cluster.file_name(file))
    });
    let identify = |findings: &mut [Finding]| {
        if is_identified(args, baseline.is_some()) {
            identify(&context, findings);
        }
    };
    // What is not asked about is left out at the end: it uses exceptions and entries of the baseline all the same.
    identify(&mut report.findings);
    let today = jiff::tz::Offset::UTC.to_datetime(now).date();
    let (mut findings, suppressed) =
        suppress::apply(&context, report.findings, &suppressions, today);
    identify(&mut findings);
    let inert = wanted(crate::lint::rules::by_id("RBC690"));
    let stale = baseline
        .as_ref()
        .filter(|_| inert)
        .map_or(Vec::new(), |(name, baseline)| {
            let severity = settings.severities.get("RBC690").copied();
            let stale = stale(baseline, &findings).into_iter();
            stale
                .map(|entry| render::lint::stale_entry(name, entry, severity))
                .collect()
        });
    let mut findings = filtered(findings, &wanted);
    sort_findings(&mut findings);
    let suppressed = suppressed.iter();
    let suppressed = suppressed.filter(|finding| finding.rules().any(|(rule, _)| wanted(rule)));

    let mut shows = Shows::new(&context, findings);
    shows.not_checked = report.not_checked;
    shows.suppressed = suppressed.count();
    if let Some(path) = &args.write_baseline {
        write_baseline(path, &shows)?;
        return Ok(Exit::Yes);
    }
    if let Some((_, baseline)) = &baseline {
        subtract(&mut shows, baseline);
    }
    shows.stale = stale;
    let fail_on = args.fail_on.or(config.fail_on).unwrap_or(Severity::High);
    let failed = shows.severities().any(|severity| severity >= fail_on);
    let profile = args.profile.or(config.profile).unwrap_or_default();
    shows.hide_below(profile.least().min(fail_on));
    print_with(|out| match args.output {
        LintOutput::Text => text::report(&shows, &sources, common.verbose, out),
        LintOutput::Json => json::report(&shows, out),
        LintOutput::Sarif => sarif::report(&shows, out),
        LintOutput::Github => github::report(&shows, out),
        LintOutput::Gitlab => gitlab::report(&shows, out),
        LintOutput::Junit => junit::report(&shows, out),
    })?;
    Ok(if failed { Exit::No } else { Exit::Yes })
}

/// Whether somebody looks at what tells findings from each other.
fn is_identified(args: &LintArgs, has_baseline: bool) -> bool {
    let is_shown = match args.output {
        LintOutput::Json | LintOutput::Sarif | LintOutput::Gitlab => true,
        LintOutput::Text | LintOutput::Github | LintOutput::Junit => false,
    };
    is_shown || has_baseline || args.write_baseline.is_some()
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
    settings.workload_kinds.clone_from(&config.workload_kinds);
    settings.most_cluster_admins = config
        .most_cluster_admins
        .unwrap_or(settings.most_cluster_admins);
    let severities = config.severities.iter();
    settings.severities = severities
        .map(|(rule, severity)| (rule.id.to_owned(), *severity))
        .collect();
    settings
}

fn baseline_path(args: &LintArgs, project: &Project) -> Option<PathBuf> {
    let configured = project.config.baseline.as_deref();
    let configured = configured.map(|path| PathBuf::from(project.beside(path)));
    args.baseline.clone().or(configured)
}

fn identities(args: &LintArgs) -> Result<Option<Inventory>> {
    let Some(path) = &args.identities else {
        return Ok(None);
    };
    let text = project::read(path)?;
    let inventory = Inventory::parse(&text)
        .map_err(|(line, message)| anyhow!("{}:{line}: {message}", path.display()))?;
    Ok(Some(inventory))
}

fn read_baseline(args: &LintArgs, project: &Project) -> Result<Option<(String, Baseline)>> {
    if args.write_baseline.is_some() {
        return Ok(None);
    }
    let Some(path) = baseline_path(args, project) else {
        return Ok(None);
    };
    let text = project::read(&path)?;
    let name = path.display().to_string();
    let baseline = Baseline::parse(&text)
        .map_err(|(line, column, message)| anyhow!("{name}:{line}:{column}: {message}"))?;
    Ok(Some((name, baseline)))
}

/// Whether a baseline may be written to a file: there is none, or it holds one.
fn may_be_replaced(path: &Path) -> Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let text = project::read(path)?;
    match text.is_empty() || Baseline::parse(&text).is_ok() {
        true => Ok(()),
        false => Err(anyhow!(
            "--write-baseline: {} is there and is no baseline: name another file, or remove it",
            path.display()
        )),
    }
}

fn write_baseline(path: &Path, shows: &Shows<'_, '_>) -> Result<()> {
    let findings = shows.shown().map(|finding| Entry {
        fingerprint: finding.fingerprint,
        rule: finding.rule.id.to_owned(),
        severity: finding.severity.as_str().to_owned(),
        message: finding.message,
    });
    let baseline = Baseline {
        version: 1,
        findings: findings.collect(),
    };
    let text = serde_json::to_string_pretty(&baseline)? + "\n";
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

/// Takes what is in the baseline away, unless it is graver now.
fn subtract(shows: &mut Shows<'_, '_>, baseline: &Baseline) {
    let entries = baseline.findings.iter();
    let entries: HashMap<&str, Option<Severity>> = entries
        .map(|entry| (entry.fingerprint.as_str(), Severity::parse(&entry.severity)))
        .collect();
    let before = shows.findings.len();
    shows.findings.retain(|finding| {
        let print = finding.fingerprint.map(|print| print.to_string());
        let was = entries.get(print.unwrap_or_default().as_str());
        was.is_none_or(|was| was.is_some_and(|was| was < finding.severity))
    });
    shows.known = before - shows.findings.len();
}

/// What of a baseline is not there any more.
fn stale<'b>(baseline: &'b Baseline, findings: &[Finding]) -> Vec<&'b Entry> {
    let prints = findings.iter().filter_map(|finding| finding.fingerprint);
    let there: HashSet<String> = prints.map(|print| print.to_string()).collect();
    let entries = baseline.findings.iter();
    entries
        .filter(|entry| !there.contains(&entry.fingerprint))
        .collect()
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
    // What is no manifest, though it may lie among them.
    let not_manifests: Vec<PathBuf> = [
        &args.config,
        &args.write_baseline,
        &baseline_path(args, project),
    ]
    .into_iter()
    .flatten()
    .filter_map(|path| path.canonicalize().ok())
    .collect();
    let mut beside = Beside::default();
    let mut files = (1u32..).map(FileId);
    for source in wanted(&named, &not_manifests)? {
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

/// What is loaded: everything that is named but the configuration and the baseline, each file once.
fn wanted(named: &[String], not_manifests: &[PathBuf]) -> Result<Vec<Source>, LoadError> {
    let mut sources = discover::discover(named)?;
    let mut seen: HashSet<PathBuf> = not_manifests.iter().cloned().collect();
    sources.retain(|source| match source {
        Source::Stdin => true,
        Source::File(path) => {
            path.file_name().is_none_or(|name| name != config::FILE)
                && path.canonicalize().map_or(true, |path| seen.insert(path))
        }
    });
    Ok(sources)
}
