//! Would the server start? Every recorded line of `startup.jsonl` of the suites of local authentication
//! is compared with what `apiserver::validate` says: whether it starts, and its last words.

use rbac_check::apiserver::{CommandLine, Files, running, validate};
use serde::Deserialize;
use std::path::Path;

/// Lines that cannot be told from what is on disk, by suite and id, with the reason.
const EXCEPTIONS: [(&str, &str, &str); 1] = [(
    "startup",
    "sa-signing-missing-file",
    "no private key is part of the data: the one that was missing looks like those that were there",
)];

#[derive(Deserialize)]
struct Line {
    id: String,
    flags: Vec<String>,
    ok: bool,
    error: Option<String>,
}

#[test]
fn starts_or_refuses_as_recorded() {
    let area = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance/authn-local");
    let mut suites: Vec<_> = std::fs::read_dir(&area)
        .expect("the recorded suites")
        .map(|entry| entry.expect("a suite").path())
        .filter(|suite| suite.join("startup.jsonl").exists())
        .collect();
    suites.sort();
    let mut wrong = Vec::new();
    let mut excepted = 0;
    let mut total = 0;
    for suite in &suites {
        let name = suite.file_name().and_then(|n| n.to_str()).expect("a name");
        let text = std::fs::read_to_string(suite.join("startup.jsonl")).expect("lines");
        let files = Files::new(Some(suite), None);
        let mut right = 0;
        let mut count = 0;
        for line in text.lines() {
            let line: Line = serde_json::from_str(line).expect("a line");
            count += 1;
            let found = validate(&CommandLine::new(line.flags), &files).err();
            assert_eq!(line.ok, line.error.is_none(), "{}", line.id);
            let exception = EXCEPTIONS.iter().any(|e| (e.0, e.1) == (name, &line.id));
            match (found == line.error, exception) {
                (true, false) => right += 1,
                (false, true) => excepted += 1,
                (true, true) => wrong.push(format!("{name} {}: no longer an exception", line.id)),
                (false, false) => wrong.push(format!(
                    "{name} {}\n  recorded: {:?}\n  here:     {found:?}",
                    line.id, line.error
                )),
            }
        }
        println!("{name}: {right} of {count} startups as recorded");
        total += count;
    }
    println!("{total} startups, {excepted} of them exceptions");
    assert_eq!(
        excepted,
        EXCEPTIONS.len(),
        "an exception is not in the data"
    );
    assert!(total >= 118, "lines are missing");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_excerpt_of_a_running_server_is_loaded() {
    let suite =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance/authn-local/startup");
    let files = Files::new(Some(&suite), None);
    let flags = [
        "--client-ca-file=input/pki/none.crt",
        "--service-account-issuer=a",
        "--service-account-issuer=b",
    ];
    let line = CommandLine::new(flags.map(str::to_owned).to_vec());
    assert!(validate(&line, &files).is_err());
    let config = running(&line, &files).expect("a running server");
    assert!(config.is_missing(Some("input/pki/none.crt")) && !config.is_missing(None));
    assert_eq!(config.options.api_audiences, ["a", "b"]);
    assert_eq!(config.authorization_modes, ["AlwaysAllow"]);
    assert!(
        !config.anonymous.allows("/anything"),
        "nobody is anonymous where everything is allowed"
    );
    // What is there is judged all the same.
    let line = CommandLine::new(vec!["--token-auth-file=input/pki/sa.pub".to_owned()]);
    assert!(running(&line, &files).is_err());
}
