//! Every rule is held to its own documentation: what it calls bad is found, what it calls good and what
//! only looks bad is not.

use super::{FAMILIES, all, by_id};
use crate::authz::rbac::Rbac;
use crate::lint::{Check, Example, Lint, Report, Settings, Severity, lint};
use crate::load::{Format, Loader, Options};
use std::collections::BTreeSet;
use std::path::Path;

fn report(manifest: &str) -> Report {
    let mut loader = Loader::new(Options::default());
    loader
        .add_text("example.yaml", manifest, Format::Guess)
        .unwrap_or_else(|error| panic!("{error}\n{manifest}"));
    let cluster = loader.finish();
    let rbac = Rbac::new(&cluster);
    let settings = Settings::new(jiff::Timestamp::UNIX_EPOCH);
    lint(&Lint::new(&cluster, &rbac, &settings))
}

/// The ids that are found, latent ones apart: nobody has those.
fn ids(manifest: &str) -> BTreeSet<&'static str> {
    let report = report(manifest);
    let findings = report.findings.iter();
    findings
        .flat_map(|finding| finding.rules().map(|(rule, _)| rule.id))
        .collect()
}

#[test]
fn what_is_called_bad_is_found_and_what_is_not_is_not() {
    let mut wrong = Vec::new();
    for rule in all() {
        if let Some(bad) = rule.bad.manifest()
            && !ids(&bad).contains(rule.id)
        {
            wrong.push(format!(
                "{} is not found in its bad example: {:?}",
                rule.id,
                ids(&bad)
            ));
        }
        for (name, example) in [("good", &rule.good), ("near", &rule.near)] {
            if let Some(manifest) = example.manifest()
                && ids(&manifest).contains(rule.id)
            {
                wrong.push(format!("{} is found in its {name} example", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nobody_is_told_to_list_names_where_names_are_listed() {
    let mut judged = 0;
    let mut told = Vec::new();
    for rule in all() {
        if !matches!(rule.bad, Example::Cluster(_) | Example::Namespace(..)) {
            continue;
        }
        let manifest = rule.bad.manifest().expect("a manifest");
        let pinned = manifest.replace("verbs:", "resourceNames: [kubeadm-config], verbs:");
        let findings = report(&pinned).findings;
        let of_grants = findings.iter().filter(|f| f.binding.is_some());
        judged += of_grants.clone().count();
        let wrong = of_grants.filter(|f| f.fix().contains("with resourceNames"));
        told.extend(wrong.map(|f| (f.rule.id, f.fix().to_owned())));
    }
    assert!(judged > 10, "{judged}");
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn a_fresh_cluster_has_no_finding() {
    let report = report("");
    let grave: Vec<_> = report
        .findings
        .iter()
        .filter(|f| f.severity >= Severity::Medium)
        .map(|f| (f.rule.id, f.what()))
        .collect();
    assert!(grave.is_empty(), "{grave:?}");
    assert!(report.findings.is_empty(), "{:?}", report.findings.len());
}

#[test]
fn every_file_is_registered_and_every_id_is_one_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder of the rules")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name != "mod" && name != "tests")
        .collect();
    files.sort();
    let families: Vec<&str> = FAMILIES.iter().map(|(name, _)| *name).collect();
    assert_eq!(files, families);

    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    for rule in all() {
        assert!(seen.insert(rule.id), "{} twice", rule.id);
        assert!(names.insert(rule.name), "{} twice", rule.name);
        assert!(
            rule.id.len() == 6 && rule.id.starts_with("RBC"),
            "{}",
            rule.id
        );
        for text in [rule.what, rule.why, rule.fix] {
            assert!(
                !text.is_empty() && !text.ends_with('.'),
                "{}: {text}",
                rule.id
            );
        }
        assert!(!rule.references.is_empty(), "{}", rule.id);
        if let Check::With(other) = rule.check {
            by_id(other);
        }
        for example in [&rule.bad, &rule.good, &rule.near] {
            if let Example::None(why) = example {
                assert!(!why.is_empty());
            }
        }
    }
}
