//! Recorded webhook traffic, from the flags that name it.

use super::input;
use crate::model::names::is_dns_subdomain;
use crate::webhook::Recordings;
use anyhow::Result;
use std::path::Path;

/// Reads every `--webhook-answers [NAME=]FILE`.
///
/// # Errors
/// What cannot be read, and lines that are no recorded traffic, with their place.
pub(super) fn load(flags: &[String]) -> Result<Recordings> {
    let mut recordings = Recordings::default();
    for flag in flags {
        // The name of a webhook is a DNS subdomain, and a file's own name may hold an equals sign.
        let named = flag
            .split_once('=')
            .filter(|(name, _)| is_dns_subdomain(name) && !Path::new(flag).exists());
        let (name, file) = match named {
            Some((name, file)) => (Some(name), file),
            None => (None, &flag[..]),
        };
        let (shown, text) = input::read(Path::new(file))?;
        recordings.add(name, &shown, &text)?;
    }
    Ok(recordings)
}
