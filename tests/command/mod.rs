//! Runs the binary in a folder of its own, and holds every run to what is promised of every command.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A temporary folder, and the commands that run in it.
pub struct Folder(PathBuf);

/// What a command left.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A test that fails must not fail again here.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("command-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    /// A folder with one file.
    pub fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = Folder::new();
        folder.write(name, content);
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file, and the folders that it lies in.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    /// The command, in this folder, with nothing of the user's own surroundings.
    pub fn command<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rbac-check"));
        command
            .args(args)
            .current_dir(&self.0)
            .env_remove("HOME")
            .env_remove("KUBECONFIG")
            .stdin(Stdio::null());
        command
    }

    /// Runs words that hold no spaces.
    pub fn run(&self, words: &str) -> Answer {
        self.args(words.split_whitespace())
    }

    pub fn args<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Answer {
        checked(self.command(args).output().expect("a run"))
    }

    /// Runs words with standard input.
    pub fn run_with(&self, words: &str, stdin: impl AsRef<[u8]>) -> Answer {
        let mut child = self
            .command(words.split_whitespace())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a run");
        let mut pipe = child.stdin.take().expect("its standard input");
        // A command that refuses its flags never reads.
        let _ = pipe.write_all(stdin.as_ref());
        drop(pipe);
        checked(child.wait_with_output().expect("a run"))
    }
}

fn checked(output: Output) -> Answer {
    let answer = Answer {
        status: output.status.code().expect("an exit status"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    };
    assert!(!answer.stderr.contains("panicked"), "{answer:?}");
    if answer.status == 2 {
        assert_eq!(answer.stdout, "", "an error leaves standard output empty");
        assert_ne!(answer.stderr, "", "an error says what is wrong");
    }
    answer
}

impl Answer {
    /// That the command stopped with this message and nothing else.
    #[track_caller]
    pub fn stopped(&self, message: &str) {
        assert_eq!(self.stderr, format!("error: {message}\n"));
        assert_eq!(self.status, 2);
    }

    /// That the command stopped, with this among its words.
    #[track_caller]
    pub fn stopped_over(&self, fragment: &str) {
        assert!(self.stderr.contains(fragment), "{}", self.stderr);
        assert_eq!(self.status, 2, "{}", self.stderr);
    }

    /// That the command answered this, and had nothing to say beside it.
    #[track_caller]
    pub fn answered(&self, status: i32, stdout: &str) {
        assert_eq!(
            (self.status, self.stdout.as_str(), self.stderr.as_str()),
            (status, stdout, "")
        );
    }
}
