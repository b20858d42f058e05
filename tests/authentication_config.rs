//! Which AuthenticationConfigurations a server takes, and the words with which it refuses the others: every
//! recorded line, those of a starting server and those of a running one whose file changed.

use rbac_check::apiserver::{CommandLine, Files, authentication_config, validate};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Line {
    id: String,
    config: Option<String>,
    #[serde(default)]
    flags: Vec<String>,
    phase: Option<String>,
    ok: bool,
    error: Option<String>,
}

/// Lines that differ, with the reason.
const EXCEPTIONS: [(&str, &str); 1] = [(
    "issuer/control",
    "Go quotes this character as \\x7f; its log was read as JSON, which has no such escape",
)];

/// The words of a refusal: what the command line's reader says stands behind a head of its own.
fn words(recorded: &str) -> &str {
    recorded
        .strip_prefix("Error: ")
        .unwrap_or(recorded)
        .trim_end_matches('\n')
}

/// What every recorded server had beside the flags of its case.
const FLAGS: [&str; 4] = [
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    "--authorization-mode=Node,RBAC",
    "--service-account-key-file=/not/part/of/the/data/sa.pub",
    "--service-account-signing-key-file=/not/part/of/the/data/sa.key",
];

/// The file as the recorded servers called it.
const FILE: &str = "authentication-config.yaml";

/// A folder with the files of a suite, in which the configuration of a line is put.
fn folder(suite: &Path, name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("input")).expect("a scratch folder");
    for file in fs::read_dir(suite.join("input")).expect("input").flatten() {
        if file.path().is_file() {
            fs::copy(file.path(), folder.join("input").join(file.file_name())).expect("a copy");
        }
    }
    folder
}

fn started(line: &Line, folder: &Path) -> Result<(), String> {
    let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    if let Some(config) = &line.config {
        fs::write(folder.join(FILE), config).expect("a writable scratch file");
        flags.push(format!("--authentication-config={FILE}"));
    }
    flags.extend(line.flags.iter().cloned());
    let files = Files::new(Some(folder), None);
    validate(&CommandLine::new(flags), &files).map(drop)
}

fn reloaded(line: &Line) -> Result<(), String> {
    let text = line.config.as_deref().unwrap_or_default();
    let config = authentication_config::decode(text.as_bytes())?;
    config.complaint().map_or(Ok(()), Err)
}

#[test]
fn takes_or_refuses_as_recorded() {
    let area = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance/authn-oidc");
    let mut wrong = Vec::new();
    let mut total = 0;
    for suite in ["config-errors", "structured"] {
        let folder = folder(&area.join(suite), &format!("configurations-{suite}"));
        let text = fs::read_to_string(area.join(suite).join("startup.jsonl")).expect("lines");
        for line in text.lines() {
            let line: Line = serde_json::from_str(line).expect("a line");
            total += 1;
            let found = match line.phase.as_deref() {
                Some("reload") => reloaded(&line),
                _ => started(&line, &folder),
            };
            assert_eq!(line.ok, line.error.is_none(), "{}", line.id);
            let (id, recorded) = (&line.id, line.error.as_deref().map(words));
            let same = found.as_ref().err().map(String::as_str) == recorded;
            if same == EXCEPTIONS.iter().any(|(excepted, _)| excepted == id) {
                wrong.push(format!(
                    "{suite} {id}\n  recorded: {recorded:?}\n  here:     {found:?}"
                ));
            }
        }
    }
    println!("{total} configurations, {} wrong", wrong.len());
    assert!(total >= 364, "lines are missing");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
