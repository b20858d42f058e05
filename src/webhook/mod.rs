//! Webhooks offline: recorded traffic stands in for them. [`answers`] reads the recordings, [`client`] makes
//! of an answer what the server's client would, [`review`] says what that client awaits.

pub mod answers;
pub mod client;
pub mod review;

pub use answers::{Recording, Recordings};
pub use client::{Client, Exchange, HttpAnswer};
