//! Dangerous grants: found once for each role, judged for each binding.

mod findings;
mod hits;
mod judged;
mod path;
mod requests;
mod several;

pub(super) use findings::{latent, of_binding};
pub(super) use hits::{Danger, RoleHits, of_defaults, of_roles};
pub use judged::Judged;
pub(super) use judged::grade;
pub(super) use path::{TARGETS, acts_as, leads_to};
pub(super) use requests::{EXTRA, UPGRADES};
pub(super) use several::everything_by_several;
