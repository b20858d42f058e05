//! Proves that `completions/` and `man/` are what the binary generates from its flags.
//! `UPDATE_GENERATED=1 cargo test --test generated` rewrites them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// File names → contents.
type Files = BTreeMap<String, String>;

/// Each shell, and the file name under which it looks for a completion script.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "rbac-check.bash"),
    ("elvish", "rbac-check.elv"),
    ("fish", "rbac-check.fish"),
    ("powershell", "_rbac-check.ps1"),
    ("zsh", "_rbac-check"),
];

fn rbac_check(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rbac-check"))
        .args(args)
        .output()
        .expect("the binary runs");
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn read(folder: &Path) -> Files {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Files::new();
    };
    entries
        .map(|entry| {
            let path = entry.expect("a folder entry").path();
            let name = path
                .file_name()
                .and_then(|n| n.to_str())
                .expect("a UTF-8 name");
            let text = std::fs::read_to_string(&path).expect("a text");
            (name.to_owned(), text)
        })
        .collect()
}

/// Compares a folder of the repository with what belongs there, or rewrites it.
fn prove(folder: &str, generated: &Files) {
    assert!(!generated.is_empty(), "nothing was generated for {folder}/");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let committed = read(&folder);
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        for name in committed
            .keys()
            .filter(|name| !generated.contains_key(*name))
        {
            std::fs::remove_file(folder.join(name)).expect("an old file can be removed");
        }
        for (name, text) in generated {
            std::fs::write(folder.join(name), text).expect("the file can be written");
        }
        return;
    }
    let differ: Vec<&String> = generated
        .keys()
        .chain(committed.keys())
        .filter(|name| generated.get(*name) != committed.get(*name))
        .collect();
    assert!(
        differ.is_empty(),
        "{}: {differ:?} not current; UPDATE_GENERATED=1 cargo test --test generated rewrites them",
        folder.display()
    );
}

#[test]
fn completions_are_current() {
    let generated = SHELLS
        .iter()
        .map(|(shell, file)| ((*file).to_owned(), rbac_check(&["completions", shell])))
        .collect();
    prove("completions", &generated);
}

#[test]
fn manual_pages_are_current() {
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("man");
    // A page of a command that is no more must not stay behind.
    let _ = std::fs::remove_dir_all(&fresh);
    std::fs::create_dir_all(&fresh).expect("a scratch folder");
    rbac_check(&["man", "--dir", fresh.to_str().expect("a UTF-8 path")]);
    prove("man", &read(&fresh));
}
