//! Would the server start with these authorizers? Every recorded line of `startup.jsonl` of the suites of
//! AuthorizationConfigurations and webhooks is compared with what `apiserver::validate` says.

use rbac_check::apiserver::{CommandLine, Files, flags, validate};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A folder in which `/etc/kubernetes` is the folder of a configuration.
fn root(suite: &str, config: &str, folder: &Path) -> PathBuf {
    let name = format!("root-{suite}-{}", config.replace('/', "-"));
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let etc = root.join("etc");
    std::fs::create_dir_all(&etc).expect("a scratch folder");
    let link = etc.join("kubernetes");
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink(folder, link).expect("a link");
    root
}

#[test]
fn starts_or_refuses_as_recorded() {
    let area = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/conformance/authz-chain");
    let mut wrong = Vec::new();
    let mut total = 0;
    for suite in ["config-errors", "structured", "webhook-flags"] {
        let text = std::fs::read_to_string(area.join(suite).join("startup.jsonl")).expect("lines");
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).expect("a line");
            let config = line["config"].as_str().expect("a config");
            let folder = area.join(suite).join("input").join(config);
            let pod = folder.join("kube-apiserver.yaml");
            let text = std::fs::read_to_string(&pod).expect("a manifest");
            let command = flags::read("kube-apiserver.yaml", &text).expect("flags");
            let files = Files::new(Some(&root(suite, config, &folder)), Some(&pod));
            let found = validate(&command, &files).err();
            let recorded = line["result"]["error"].as_str().map(str::to_owned);
            assert_eq!(line["result"]["started"] == true, recorded.is_none());
            total += 1;
            if found != recorded {
                wrong.push(format!(
                    "{}\n  recorded: {recorded:?}\n  here:     {found:?}",
                    line["id"]
                ));
            }
        }
    }
    println!("{} of {total} startups as recorded", total - wrong.len());
    assert!(total >= 182, "lines are missing");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_token_webhook_starts_or_refuses_as_recorded() {
    let suite = "testdata/conformance/authn-oidc/webhook-token";
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join(suite);
    let text = std::fs::read_to_string(suite.join("startup.jsonl")).expect("lines");
    let files = Files::new(Some(&suite), None);
    let mut total = 0;
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("a line");
        let recorded = line["flags"].as_array().expect("flags").iter();
        // Those that every server was started with.
        let mut flags = vec![
            "--service-account-issuer=https://kubernetes.default.svc.cluster.local".to_owned(),
            "--service-account-key-file=../chain/input/sa.pub".to_owned(),
            "--service-account-signing-key-file=input/sa.key".to_owned(),
        ];
        flags.extend(recorded.map(|flag| flag.as_str().expect("a flag").to_owned()));
        let found = validate(&CommandLine::new(flags), &files).err();
        assert_eq!(found.as_deref(), line["error"].as_str(), "{}", line["id"]);
        total += 1;
    }
    assert!(total >= 10, "lines are missing");
}
