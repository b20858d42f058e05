//! Every recorded answer of a real Kubernetes 1.36 control plane, compared with ours.
//!
//! The suites of `testdata/conformance/rbac` always run. The manifests of real projects are not part of
//! this repository: they run where `../shared/conformance/realworld` or the folder that
//! `RBAC_CHECK_REALWORLD` names exists, and with `RBAC_CHECK_REALWORLD=required` they must.
//!
//! A recorded line that differs fails the run, unless `exceptions.txt` names it; a line named there that
//! passes fails the run too, so that the list can only shrink.

mod authn;
mod authz;
mod cel;
mod compare;
mod kubectl;
mod loading;
mod oidc;
mod requests;
mod suite;
mod webhook;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use suite::Suite;

/// What became of the lines of one kind.
#[derive(Default)]
struct Count {
    passed: usize,
    excepted: usize,
    failed: usize,
}

/// Collects results and prints them.
pub struct Report {
    exceptions: BTreeMap<String, String>,
    used: BTreeSet<String>,
    counts: BTreeMap<(String, &'static str), Count>,
    shown: usize,
}

impl Report {
    /// Notes the result of one line; `Err` says how it differs.
    pub fn line(&mut self, area: &str, kind: &'static str, id: &str, result: Result<(), String>) {
        let count = self.counts.entry((area.to_owned(), kind)).or_default();
        let excepted = self.exceptions.contains_key(id);
        match result {
            Ok(()) if excepted => {
                count.failed += 1;
                println!("{id}: passes, so its exception must go");
            }
            Ok(()) => count.passed += 1,
            Err(_) if excepted => {
                count.excepted += 1;
                self.used.insert(id.to_owned());
            }
            Err(difference) => {
                count.failed += 1;
                self.shown += 1;
                if self.shown <= 400 {
                    println!("{id}: {difference}");
                }
            }
        }
    }
}

fn main() -> ExitCode {
    // `cargo test -- --list` and filters are for the ordinary harness.
    if std::env::args().any(|arg| arg == "--list") {
        return ExitCode::SUCCESS;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut report = Report {
        exceptions: exceptions(),
        used: BTreeSet::new(),
        counts: BTreeMap::new(),
        shown: 0,
    };
    for suite in Suite::all(&root.join("testdata/conformance/rbac")) {
        run(&suite, "rbac", &mut report);
    }
    for suite in Suite::all(&root.join("testdata/conformance/requests")) {
        loading::run(&suite, &mut report);
        requests::run(&suite, &mut report);
        requests::audit(&suite, &mut report);
    }
    for suite in Suite::all(&root.join("testdata/conformance/authn-local")) {
        authn::run(&suite, &mut report);
    }
    for suite in Suite::all(&root.join("testdata/conformance/authz-chain")) {
        authz::run(&suite, &mut report);
    }
    for suite in Suite::all(&root.join("testdata/conformance/authn-oidc")) {
        match suite.name() {
            "webhook-token" => webhook::run(&suite, &mut report),
            _ => oidc::run(&suite, &mut report),
        }
    }
    cel::run(&root.join("testdata/conformance/cel"), &mut report);
    let required = std::env::var_os("RBAC_CHECK_REALWORLD");
    let realworld = match &required {
        Some(folder) if folder != "required" => PathBuf::from(folder),
        _ => root.join("../shared/conformance/realworld"),
    };
    let mut complete = true;
    if realworld.is_dir() {
        for suite in Suite::all(&realworld) {
            run(&suite, "realworld", &mut report);
        }
    } else {
        println!("realworld: {} is no folder, left out", realworld.display());
        complete = required.is_none();
    }
    let unused: Vec<&String> = report
        .exceptions
        .keys()
        .filter(|id| !report.used.contains(*id))
        .collect();
    for id in &unused {
        println!("exceptions.txt names {id}, which is no line that differs");
    }
    let (mut passed, mut failed) = (0, unused.len());
    println!("conformance                    passed  excepted  failed");
    for ((area, kind), count) in &report.counts {
        let name = format!("{area} {kind}");
        println!(
            "  {name:<28} {:>6}  {:>8}  {:>6}",
            count.passed, count.excepted, count.failed
        );
        passed += count.passed;
        failed += count.failed;
    }
    println!("\nconformance: {passed} passed, {failed} failed");
    if !complete {
        println!(
            "RBAC_CHECK_REALWORLD asks for {}: put the recorded answers there, or run `cargo test`, which does without",
            realworld.display()
        );
    }
    if failed == 0 && passed > 0 && complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run(suite: &Suite, area: &str, report: &mut Report) {
    let world = suite.load();
    compare::access(suite, &world, area, report);
    compare::rules(suite, &world, area, report);
    compare::settled(suite, &world, area, report);
    compare::who_can(suite, &world, area, report);
    if area == "rbac" {
        kubectl::run(suite, report);
    }
}

/// The named exceptions: an id and a reason a line.
fn exceptions() -> BTreeMap<String, String> {
    include_str!("exceptions.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let (id, reason) = line.split_once(' ').expect("an id and a reason");
            (id.to_owned(), reason.to_owned())
        })
        .collect()
}
