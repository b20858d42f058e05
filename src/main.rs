//! `rbac-check`: argv → [`rbac_check::cli::main`] → exit code; nothing else.

fn main() -> std::process::ExitCode {
    rbac_check::cli::main(std::env::args_os())
}
