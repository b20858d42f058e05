//! Words and tables: data in, text out.

pub mod explain;
pub mod rules_table;
pub mod who_can;
pub mod whoami;
