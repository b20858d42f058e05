//! `rbac-check.yaml`: what is loaded where no flag says it.

#[allow(dead_code)]
mod command;

use command::{Answer, Folder};

const GRANT: &str = "\
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: reader}, rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: reader}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}, subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: alice}]}
";
const ALICE: &str = "can-i get pods --as alice";

fn repository(config: &str) -> Folder {
    let folder = Folder::with("deploy/reader.yaml", GRANT);
    folder.write("src/deep/broken.yaml", "{");
    folder.write("rbac-check.yaml", config);
    folder
}

/// Runs words in a folder below.
fn run(folder: &Folder, below: &str, words: &str) -> Answer {
    let mut command = folder.command(words.split(' '));
    let output = command.current_dir(folder.path(below)).output();
    let output = output.expect("a run");
    Answer {
        status: output.status.code().expect("an exit status"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

fn yes() -> Answer {
    Answer {
        status: 0,
        stdout: "yes\n".to_owned(),
        stderr: String::new(),
    }
}

#[test]
fn its_sources_are_loaded_from_every_folder_below() {
    let folder = repository("sources: [deploy]\n");
    for below in ["", "src", "src/deep"] {
        assert_eq!(run(&folder, below, ALICE), yes(), "{below}");
        let found = run(&folder, below, "lint");
        assert_eq!(found.status, 0, "{below}: {found:?}");
        assert!(found.stdout.contains("1 binding"), "{below}: {found:?}");
    }
    // What a flag names takes its place.
    assert_eq!(folder.run(&format!("{ALICE} -f src")).status, 2);
}

#[test]
fn without_sources_the_current_folder_is_loaded_and_the_file_is_no_manifest() {
    let folder = repository("lint: {failOn: critical}\n");
    assert_eq!(run(&folder, "deploy", ALICE), yes());
    std::fs::remove_dir_all(folder.path("src")).expect("a folder");
    assert_eq!(folder.run(ALICE), yes());
}

#[test]
fn mistakes_stop_every_command_with_their_place() {
    for (config, place, said) in [
        ("sources: deploy\n", "rbac-check.yaml:1:10: ", "list"),
        ("sources: []\n", "rbac-check.yaml:1:10: ", "names nothing"),
        (
            "sources: [deploy, '-']\n",
            "rbac-check.yaml:1:19: ",
            "expected",
        ),
        (
            "sources: [deploy, '']\n",
            "rbac-check.yaml:1:19: ",
            "expected",
        ),
        ("source: [deploy]\n", "rbac-check.yaml:1:1: ", "unknown"),
        ("sources: [nowhere]\n", "nowhere", "no such file"),
    ] {
        let folder = repository(config);
        for words in [ALICE, "lint"] {
            let answer = folder.run(words);
            assert_eq!(answer.status, 2, "{config} {words}: {answer:?}");
            let error = answer.stderr.to_lowercase();
            assert!(error.contains(place), "{config} {words}: {error}");
            assert!(error.contains(said), "{config} {words}: {error}");
        }
    }
}
