//! Runs every command that README.md shows and compares what it prints, so that the page cannot be wrong.
//!
//! In a `console` block a line that begins with `$ ` is a command; what follows, up to the next command or
//! the end of the block, is its standard output, then its standard error, then `# exit N` unless N is 0.
//! `UPDATE_README=1 cargo test --test readme` writes the present output into the page.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> PathBuf {
    root().join("README.md")
}

/// One command of the page.
struct Example {
    /// The line of its `$`, from 1.
    line: usize,
    /// What follows the `$`.
    command: String,
    /// What the page says that it prints.
    shown: String,
}

/// A stretch of the page.
enum Part {
    Text(String),
    Example(Example),
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut in_console = false;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if line.starts_with("```") {
            in_console = !in_console && line.trim_end() == "```console";
        } else if in_console {
            match (line.strip_prefix("$ "), parts.last_mut()) {
                (Some(command), _) => {
                    parts.push(Part::Example(Example {
                        line: number,
                        command: command.trim_end().to_owned(),
                        shown: String::new(),
                    }));
                }
                (None, Some(Part::Example(example))) => example.shown.push_str(line),
                _ => panic!("README.md:{number}: a console block begins with a `$ ` line"),
            }
            continue;
        }
        match parts.last_mut() {
            Some(Part::Text(text)) => text.push_str(line),
            _ => parts.push(Part::Text(line.to_owned())),
        }
    }
    assert!(!in_console, "README.md: the last console block has no end");
    parts
}

/// The arguments of `rbac-check …` or `cargo run … -- …`. There is no shell: words have spaces between them.
fn arguments(example: &Example) -> Vec<&str> {
    let Example { line, command, .. } = example;
    let of_a_shell = ['\'', '"', '|', '<', '>', ';', '$', '*'];
    assert!(
        !command.contains(of_a_shell),
        "README.md:{line}: no shell runs this: {command}"
    );
    let mut words = command.split_whitespace();
    match words.next() {
        Some("rbac-check") => words.collect(),
        Some("cargo") => words.skip_while(|word| *word != "--").skip(1).collect(),
        _ => panic!("README.md:{line}: expected rbac-check or cargo run: {command}"),
    }
}

fn run(example: &Example) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rbac-check"))
        .args(arguments(example))
        .current_dir(root())
        // The reader's own cluster must not show.
        .env_remove("KUBECONFIG")
        .env_remove("HOME")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs");
    let mut text = String::from_utf8(output.stdout).expect("UTF-8 on standard output");
    text.push_str(&String::from_utf8(output.stderr).expect("UTF-8 on standard error"));
    assert!(
        text.is_empty() || text.ends_with('\n'),
        "{}: unfinished last line",
        example.command
    );
    match output.status.code() {
        Some(0) => {}
        Some(code) => text.push_str(&format!("# exit {code}\n")),
        None => panic!("README.md:{}: killed: {}", example.line, example.command),
    }
    text
}

#[test]
fn every_command_of_the_readme_prints_what_it_shows() {
    let text = std::fs::read_to_string(page()).expect("README.md");
    let update = std::env::var_os("UPDATE_README").is_some_and(|value| value == "1");
    let mut written = String::with_capacity(text.len());
    let mut differences = String::new();
    let mut count = 0;
    for part in parts(&text) {
        match part {
            Part::Text(text) => written.push_str(&text),
            Part::Example(example) => {
                count += 1;
                let printed = run(&example);
                if printed != example.shown {
                    differences.push_str(&format!(
                        "\nREADME.md:{}: $ {}\n--- the page shows\n{}--- it prints\n{printed}",
                        example.line, example.command, example.shown
                    ));
                }
                written.push_str(&format!("$ {}\n{printed}", example.command));
            }
        }
    }
    assert!(count > 0, "README.md shows no command in a console block");
    if update {
        std::fs::write(page(), written).expect("README.md can be written");
    } else {
        assert!(
            differences.is_empty(),
            "{differences}\nUPDATE_README=1 cargo test --test readme writes the present output"
        );
    }
}

/// The first thing that a new reader runs.
#[test]
fn the_first_command_needs_nothing_but_a_clone() {
    let text = std::fs::read_to_string(page()).expect("README.md");
    let first = parts(&text).into_iter().find_map(|part| match part {
        Part::Example(example) => Some(example.command),
        Part::Text(_) => None,
    });
    let first = first.expect("a command");
    for expected in [
        "cargo run --release",
        "can-i create deployments --as alice",
        "-f testdata/quickstart --explain",
    ] {
        assert!(first.contains(expected), "{first}: no {expected:?}");
    }
}
