//! What people decided about findings: exceptions, baselines, severities and choices of rules, together.

use super::command::Folder;
use super::{POLICY, lint};
use serde_json::Value;

fn findings(folder: &Folder, words: &str) -> Vec<(String, String)> {
    let answer = folder.run(&format!("lint -o json --profile strict {words}"));
    let report: Value =
        serde_json::from_str(&answer.stdout).unwrap_or_else(|e| panic!("{e}: {answer:?}"));
    let findings = report["findings"].as_array().expect("findings").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings
        .map(|finding| (text(&finding["rule"]), text(&finding["severity"])))
        .collect()
}

fn found(rule: &str, severity: &str) -> (String, String) {
    (rule.to_owned(), severity.to_owned())
}

#[test]
fn a_comment_counts_on_every_line_of_what_it_accepts() {
    let lines = POLICY.lines().count();
    let accepted: Vec<usize> = (1..=lines)
        .filter(|number| {
            let with_comment = POLICY.lines().zip(1..).map(|(line, at)| {
                let comment = if at == *number {
                    " # rbac-check: ignore RBC108 -- by design"
                } else {
                    ""
                };
                format!("{line}{comment}\n")
            });
            lint(&with_comment.collect::<String>(), "").status == 0
        })
        .collect();
    assert_eq!(accepted, (1..=lines).collect::<Vec<_>>());
    // The comment at one rule says nothing of another.
    let second = POLICY.replace(
        "rules:\n",
        "rules:\n- apiGroups: [apps]\n  resources: [deployments]\n  # rbac-check: ignore RBC108 -- by design\n  verbs: [get]\n",
    );
    let answer = lint(&second, "");
    assert_eq!(answer.status, 1);
    assert!(answer.stdout.contains("low[RBC690]: exception for RBC108"));
}

#[test]
fn an_annotation_counts_for_all_that_is_found_in_its_object() {
    let plain = POLICY.replace("verbs: [get, list]", "verbs: [gett]\n  verb: [list]");
    let annotated = |rules: &str| {
        plain.replacen(
            "{name: reader}",
            &format!("{{name: reader, annotations: {{rbac-check.dev/ignore: {rules} -- why}}}}"),
            1,
        )
    };
    let of = |manifest: &str| findings(&Folder::with("rbac.yaml", manifest), "rbac.yaml");
    assert_eq!(
        of(&plain),
        [found("RBC659", "high"), found("RBC617", "medium")]
    );
    assert_eq!(of(&annotated("RBC659 RBC617")), []);
    assert_eq!(of(&annotated("RBC617")), [found("RBC659", "high")]);
    // Another object of the file is another matter.
    let other = format!(
        "kind: ServiceAccount\napiVersion: v1\nmetadata: {{name: x, annotations: {{rbac-check.dev/ignore: RBC659 -- why}}}}\n---\n{plain}"
    );
    assert!(of(&other).contains(&found("RBC690", "low")));
    assert!(of(&other).contains(&found("RBC659", "high")));
}

#[test]
fn rules_that_are_not_asked_about_make_no_decision_inert() {
    let folder = Folder::with("rbac.yaml", POLICY);
    folder.run("lint rbac.yaml --write-baseline base.json");
    let accepted = POLICY.replace("['']", "[''] # rbac-check: ignore RBC108 -- by design");
    folder.write("accepted.yaml", accepted);
    for words in ["--skip RBC108", "--only RBC109", "--only RBC690"] {
        let baseline = format!("rbac.yaml --baseline base.json {words}");
        assert_eq!(findings(&folder, &baseline), [], "{words}");
        let exception = format!("accepted.yaml {words}");
        assert_eq!(findings(&folder, &exception), [], "{words}");
    }
    // What decisions say of themselves can be chosen and graded as well.
    let inert = POLICY.replace("['']", "[''] # rbac-check: ignore RBC113 -- by design");
    folder.write("inert.yaml", inert);
    let said = [found("RBC690", "low")];
    assert_eq!(findings(&folder, "inert.yaml --only RBC690"), said);
    let both = "inert.yaml --baseline base.json";
    assert_eq!(findings(&folder, both), said);
    assert_eq!(findings(&folder, &format!("{both} --skip RBC690")), []);
    folder.write(
        "graded.yaml",
        "lint: {severity: {RBC690: critical, RBC691: high}}\n",
    );
    let graded = format!("{both} --config graded.yaml");
    assert_eq!(findings(&folder, &graded), [found("RBC690", "critical")]);
    folder.write("none.yaml", "");
    let gone = "none.yaml --baseline base.json --config graded.yaml";
    assert_eq!(findings(&folder, gone), [found("RBC690", "critical")]);
    folder.write(
        "late.yaml",
        POLICY.replace(
            "['']",
            "[''] # rbac-check: ignore RBC108 until 2026-05-01 -- x",
        ),
    );
    let late = "late.yaml --config graded.yaml --now 2026-05-0";
    assert_eq!(findings(&folder, &format!("{late}1T23:59:59Z")), []);
    let after = findings(&folder, &format!("{late}2T00:00:00Z"));
    assert_eq!(
        after,
        [found("RBC108", "critical"), found("RBC691", "high")]
    );
}

#[test]
fn a_baseline_knows_a_finding_whatever_of_it_is_accepted() {
    // Reading and making tokens are one finding of two rules.
    let both = POLICY.replace("[get, list]", "[get, create]");
    let folder = Folder::with("rbac.yaml", &both);
    folder.run("lint rbac.yaml --write-baseline base.json");
    let first = &findings(&folder, "rbac.yaml")[0].0;
    let rest = findings(&folder, &format!("rbac.yaml --skip {first}"));
    assert!(!rest.is_empty() && rest.iter().all(|(rule, _)| rule != first));
    let skipped = format!("rbac.yaml --baseline base.json --skip {first}");
    assert_eq!(findings(&folder, &skipped), []);
    let comment = format!("[''] # rbac-check: ignore {first} -- by design");
    folder.write("rbac.yaml", both.replace("['']", &comment));
    assert_eq!(findings(&folder, "rbac.yaml --baseline base.json"), []);
}

#[test]
fn a_baseline_of_a_rule_that_is_none_stops() {
    let folder = Folder::with("rbac.yaml", POLICY);
    folder.run("lint rbac.yaml --write-baseline base.json");
    let text = std::fs::read_to_string(folder.path("base.json")).expect("the baseline");
    folder.write("base.json", text.replace("RBC108", "RBC998"));
    let answer = folder.run("lint rbac.yaml --baseline base.json");
    answer.stopped_over("base.json:5:1: ");
    answer.stopped_over("is of \"RBC998\", which is no rule");
}

#[test]
fn configuration_and_baseline_may_lie_among_the_manifests() {
    let folder = Folder::with("rbac.yaml", POLICY);
    folder.write("lint.yaml", "lint: {baseline: base.json}\n");
    for _ in 0..2 {
        let answer = folder.run("lint . --config ./lint.yaml --write-baseline base.json");
        answer.answered(0, "");
    }
    for words in [".", "*.yaml *.json"] {
        let answer = folder.run(&format!("lint {words} --config lint.yaml --only RBC108"));
        let none = "no findings in 1 binding and 1 role of 1 file; 1 in the baseline\n";
        answer.answered(0, none);
        assert_eq!(answer.stderr, "");
    }
}

#[test]
fn a_baseline_replaces_nothing_but_a_baseline() {
    let folder = Folder::with("rbac.yaml", POLICY);
    for path in ["rbac.yaml", "folder"] {
        std::fs::create_dir_all(folder.path("folder")).expect("a folder");
        let answer = folder.run(&format!("lint rbac.yaml --write-baseline {path}"));
        answer.stopped_over(path);
    }
    let text = std::fs::read_to_string(folder.path("rbac.yaml")).expect("the policy");
    assert_eq!(text, POLICY);
    folder.write("base.json", "");
    for _ in 0..2 {
        let answer = folder.run("lint rbac.yaml --write-baseline base.json");
        answer.answered(0, "");
    }
}

#[test]
fn flags_are_stronger_than_the_configuration_and_leave_a_rule() {
    let folder = Folder::with("rbac.yaml", POLICY);
    folder.write("c.yaml", "lint: {only: [RBC109], skip: [RBC116]}\n");
    let of = |flags: &str| findings(&folder, &format!("rbac.yaml --config c.yaml {flags}"));
    assert_eq!(of(""), []);
    assert_eq!(of("--only RBC108"), [found("RBC108", "critical")]);
    for (flags, place) in [
        ("--only RBC116", " (c.yaml skips some)"),
        ("--skip RBC109", " (c.yaml skips some)"),
    ] {
        let what = format!("no rule is left: every one that is asked for is skipped{place}");
        folder
            .run(&format!("lint rbac.yaml --config c.yaml {flags}"))
            .stopped_over(&what);
    }
    folder
        .run("lint rbac.yaml --only RBC108 --skip read-secrets-cluster")
        .stopped_over("no rule is left");
}

#[test]
fn a_file_that_is_named_twice_is_one_file() {
    let accepted = POLICY.replace("['']", "[''] # rbac-check: ignore RBC108 -- by design");
    let folder = Folder::with("rbac.yaml", accepted);
    let answer = folder.run("lint rbac.yaml . ./rbac.yaml *.yaml --only RBC108,RBC690");
    let none = "no findings in 1 binding and 1 role of 1 file; 1 suppressed\n";
    answer.answered(0, none);
}

#[test]
fn every_way_to_give_manifests_is_the_same() {
    let folder = Folder::with("in/rbac.yaml", POLICY);
    let documents = POLICY.split("---\n");
    let objects: Vec<Value> = documents
        .map(|text| serde_yaml::from_str(text).expect("YAML"))
        .collect();
    let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": objects});
    folder.write("dump.json", list.to_string());
    folder.write(
        "dump.jsonl",
        objects.iter().map(|o| format!("{o}\n")).collect::<String>(),
    );
    let of = |answer: super::command::Answer| {
        let report: Value = serde_json::from_str(&answer.stdout).expect("JSON");
        let findings = report["findings"].as_array().expect("findings").iter();
        let told = |finding: &Value| {
            (
                finding["rule"].clone(),
                finding["severity"].clone(),
                finding["fingerprint"].clone(),
            )
        };
        (findings.map(told).collect::<Vec<_>>(), answer.status)
    };
    let expected = of(folder.run("lint in/rbac.yaml -o json"));
    assert_eq!((expected.0.len(), expected.1), (1, 1));
    for words in [
        "in",
        "-f in",
        "in/*.yaml",
        "dump.json",
        "dump.jsonl",
        "-f dump.json",
    ] {
        let found = of(folder.run(&format!("lint {words} -o json")));
        assert_eq!(found, expected, "{words}");
    }
    for text in [
        POLICY.to_owned(),
        list.to_string(),
        POLICY.replace('\n', "\r\n"),
    ] {
        assert_eq!(of(folder.run_with("lint - -o json", &*text)), expected);
        assert_eq!(of(folder.run_with("lint -f - -o json", &*text)), expected);
    }
}

#[test]
fn a_finding_is_as_grave_as_the_gravest_of_its_rules() {
    let both = POLICY.replace("[get, list]", "[get, create]");
    let folder = Folder::with("rbac.yaml", both);
    let graded = |severities: &str| {
        folder.write("c.yaml", format!("lint: {{severity: {{{severities}}}}}\n"));
        findings(&folder, "rbac.yaml --config c.yaml")[0].clone()
    };
    assert_eq!(graded("RBC103: low"), found("RBC108", "critical"));
    assert_eq!(graded("RBC108: low"), found("RBC111", "critical"));
    assert_eq!(
        graded("RBC108: low, RBC111: low, RBC112: low"),
        found("RBC108", "low")
    );
    assert_eq!(
        graded("RBC108: low, RBC111: low, RBC112: medium"),
        found("RBC112", "medium")
    );
}

/// What the script of the action writes, run as its runner does.
#[cfg(unix)]
#[test]
fn the_action_runs_and_leaves_decisions_to_the_configuration() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("action.yml")).expect("the action");
    let action: Value = serde_yaml::from_str(&text).expect("YAML");
    let steps = action["runs"]["steps"].as_array().expect("steps");
    let step = steps.iter().find(|step| step["id"] == "lint").expect("it");
    let script = step["run"].as_str().expect("a script");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_rbac-check"));
    let folder = binary.parent().expect("a folder").display().to_string();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let run = |paths: &str, fail_on: &str, args: &str, config: &str| {
        let here = Folder::with("rbac.yaml", POLICY);
        here.write("other.yaml", "");
        here.write("rbac-check.yaml", config);
        let status = std::process::Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(here.path("."))
            .env("PATH", &path)
            .env("PATHS", paths)
            .env("FAIL_ON", fail_on)
            .env("ARGS", args)
            .env("SARIF", "out.sarif")
            .env("GITHUB_OUTPUT", "output")
            .output()
            .expect("bash");
        let output = std::fs::read_to_string(here.path("output")).unwrap_or_default();
        let commands = String::from_utf8_lossy(&status.stdout).lines().count();
        (status.status.code(), output, commands)
    };
    let judged = |status: u8| format!("status={status}\n");
    assert_eq!(run("rbac.yaml", "", "", ""), (Some(0), judged(1), 1));
    assert_eq!(run("", "", "", ""), (Some(0), judged(1), 1));
    assert_eq!(
        run("other.yaml\nrbac.yaml", "high", "--skip RBC110", ""),
        (Some(0), judged(1), 1)
    );
    assert_eq!(
        run("other.yaml", "", "--only\nRBC108", ""),
        (Some(0), judged(0), 0)
    );
    let config = "sources: [rbac.yaml]\nlint: {severity: {RBC108: high}, failOn: critical}\n";
    assert_eq!(run("", "", "", config), (Some(0), judged(0), 1));
    assert_eq!(run("", "high", "", config), (Some(0), judged(1), 1));
    assert_eq!(run("missing.yaml", "", "", ""), (Some(2), String::new(), 0));
    assert_eq!(run("", "grave", "", "").0, Some(2));
}
