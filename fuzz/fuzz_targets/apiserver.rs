#![no_main]
//! Whatever the bytes, reading them as an API server's configuration, as its flags, as a token file or
//! as an AuthenticationConfiguration ends without a panic. The first byte chooses.

use libfuzzer_sys::fuzz_target;
use rbac_check::apiserver::{
    AuthenticationOptions, CommandLine, authentication_config, flags, go_url, token_file,
};

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(data);
    match choice % 5 {
        0 => {
            if let Ok(line) = flags::read("f", &text) {
                parse(&line);
            }
        }
        1 => parse(&CommandLine::new(
            text.split('\n').map(str::to_owned).collect(),
        )),
        2 => {
            let rows = token_file::rows("f", data).unwrap_or_default();
            assert!(rows.iter().all(|row| !row.token.expose().is_empty()));
            // Looking at a file finds no fewer rows than the server reads of it.
            assert!(token_file::look(data).0.len() >= rows.len());
        }
        3 => {
            if let Ok(config) = authentication_config::decode(data) {
                let _ = config.complaint();
            }
        }
        _ => {
            let _ = go_url::parse(&text);
        }
    }
});

fn parse(line: &CommandLine) {
    if let Ok(flags) = line.parse() {
        let _ = AuthenticationOptions::from_flags(&flags);
    }
}
