//! The flags of `lint`.

use crate::lint::Severity;
use crate::lint::config::Profile;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `lint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit status: 0 no finding at or over --fail-on, 1 findings, 2 bad usage or unreadable input.

Accept a finding with a comment at the line, or the annotation rbac-check.dev/ignore on the role or the binding:
  # rbac-check: ignore RBC108 until 2027-01-31 -- the backup needs them

Examples:
  rbac-check lint deploy/
  rbac-check lint --fail-on critical -o sarif deploy/ > rbac.sarif
  kubectl get clusterroles,clusterrolebindings,roles,rolebindings,serviceaccounts -A -o yaml | rbac-check lint -
  rbac-check lint --explain RBC108")]
pub struct LintArgs {
    /// Files, folders, patterns, or - for standard input; beside those of -f. Default: as for -f
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// The form of the report
    #[arg(short, long, value_enum, default_value_t = LintOutput::Text)]
    pub output: LintOutput,
    /// The least severity that makes the exit status 1: info, low, medium, high, critical. Default: high
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub fail_on: Option<Severity>,
    /// Only these rules, by id or name, in place of those of the configuration; may be repeated or separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Without these rules, and without those that the configuration skips
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// How much is shown: minimal (high and critical), default (all but info), strict (all)
    #[arg(long, value_name = "NAME", value_parser = profile)]
    pub profile: Option<Profile>,
    /// The configuration. Default: the nearest rbac-check.yaml, here or in a folder above
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Findings that were there before and do not count
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings to this file, as a baseline for later
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
    /// A file that holds a bearer token, to be judged; - is standard input; may be repeated
    #[arg(long, value_name = "FILE")]
    pub token_file: Vec<PathBuf>,
    /// Events of the audit log: what is granted and was not requested there is reported; may be repeated
    #[arg(long, value_name = "FILE")]
    pub audit_log: Vec<PathBuf>,
    /// A list of who there is, `User NAME` or `Group NAME` a line: who is bound and not in it is reported
    #[arg(long, value_name = "FILE")]
    pub identities: Option<PathBuf>,
    /// What a rule finds, why, and how to mend it
    #[arg(long, value_name = "RULE")]
    pub explain: Option<String>,
    /// List the rules
    #[arg(long, conflicts_with = "explain")]
    pub list_rules: bool,
}

/// The form of a lint report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LintOutput {
    /// For people, with the lines.
    Text,
    /// JSON.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit's XML.
    Junit,
}

fn severity(word: &str) -> Result<Severity, String> {
    Severity::parse(word).ok_or_else(|| "expected info, low, medium, high or critical".to_owned())
}

fn profile(word: &str) -> Result<Profile, String> {
    Profile::parse(word).ok_or_else(|| "expected minimal, default or strict".to_owned())
}
