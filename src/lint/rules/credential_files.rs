//! Files that hold credentials: who may read them, and static tokens.

use super::tokens::rule;
use crate::answer::danger::quoted;
use crate::apiserver::token_file::RowLook;
use crate::lint::credentials::StaticTokens;
use crate::lint::{Check, Example, Finding, Found, Lint, Rule, Severity};
use crate::model::{FileId, Position};

const FILES: Example = Example::None("it is about files on disk, and no manifest");
const MANIFEST: Example = Example::Manifest(
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: ci, name: app}\ndata: {token.csv: ''}\n",
);

pub(super) const RULES: &[Rule] = &[
    Rule {
        check: Check::All(check),
        ..rule(
            "RBC316",
            "token-file-permissions",
            Severity::Medium,
            [
                "holds a credential and can be read by others than its owner",
                "every user of the machine can be whom it names",
                "chmod 600",
            ],
            &["CIS 1.1.13", "CIS 4.1.5"],
            [FILES, MANIFEST, MANIFEST],
        )
    },
    rule(
        "RBC323",
        "static-token-file",
        Severity::High,
        [
            "is a file of static tokens",
            "they never expire, stand there in the clear, and change only with a restart of the API server",
            "remove --token-auth-file, and use OpenID Connect or service accounts",
        ],
        &["CIS 1.2.2"],
        [FILES, MANIFEST, MANIFEST],
    ),
];

/// A place in a file that is no manifest.
fn at(line: u32) -> Position {
    Position {
        file: FileId::BUILT_IN,
        line,
        column: 1,
    }
}

fn check(lint: &Lint<'_>, found: &mut Found) {
    let Some(given) = lint.credentials else {
        found.not_checked("RBC316", "no file that holds a credential was read");
        found.not_checked("RBC323", lint.why_no_server());
        return;
    };
    if given.files.is_empty() {
        found.not_checked("RBC316", "no file that holds a credential was read");
    }
    for file in &given.files {
        let Some(mode) = file.mode else {
            found.not_checked("RBC316", "this system has no permissions of Unix");
            continue;
        };
        // Who may write it may put another credential in its place.
        if mode & 0o066 != 0 {
            let who = if mode & 0o006 != 0 {
                "everybody"
            } else {
                "its group"
            };
            let mut finding = Finding::new(super::by_id("RBC316"), Severity::Medium, at(1));
            finding.rare.object = Some(quoted(&file.name));
            finding.rare.file = Some(file.name.clone());
            finding.what = Some(
                format!(
                    "holds {} and is open to {who} (mode {:04o})",
                    file.what,
                    mode & 0o7777
                )
                .into(),
            );
            found.add(finding);
        }
    }
    if given.token_files.is_empty() {
        match lint.server() {
            None => found.not_checked("RBC323", lint.why_no_server()),
            Some(server) => {
                if let Some(path) = &server.config.options.token_auth_file {
                    found.not_checked("RBC323", format!("{path} is not there"));
                }
            }
        }
    }
    for file in &given.token_files {
        rows(file, found);
    }
}

fn rows(file: &StaticTokens, found: &mut Found) {
    let mut say = |severity, line, what: String| {
        let mut finding = Finding::new(super::by_id("RBC323"), severity, at(line));
        finding.rare.object = Some(quoted(&file.name));
        finding.rare.file = Some(file.name.clone());
        finding.what = Some(what.into());
        found.add(finding);
    };
    let tokens = file.rows.iter().filter(|row| !row.skipped).count();
    say(
        Severity::High,
        1,
        format!("is a file of {tokens} static tokens, which never expire"),
    );
    if let Some(trouble) = &file.trouble {
        say(
            Severity::High,
            1,
            format!("is no CSV that the API server reads: it does not start ({trouble})"),
        );
    }
    let lines = |wanted: fn(&RowLook) -> bool| -> Vec<&RowLook> {
        file.rows.iter().filter(|row| wanted(row)).collect()
    };
    let masters = lines(|row| row.groups.iter().any(|group| group == "system:masters"));
    if let Some(row) = masters.first() {
        say(
            Severity::Critical,
            row.line,
            format!(
                "gives {} the group system:masters, which may do everything whatever the bindings say",
                quoted(&row.user)
            ),
        );
    }
    if let Some(row) = lines(|row| row.columns < 3).first() {
        say(
            Severity::High,
            row.line,
            format!(
                "has a row of {} columns: the API server does not start, it wants token, user and uid",
                row.columns
            ),
        );
    }
    if let Some(row) = lines(|row| row.repeats).first() {
        say(
            Severity::High,
            row.line,
            "names a token a second time: the last row counts, for another user perhaps".to_owned(),
        );
    }
}
