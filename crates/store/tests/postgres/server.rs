//! A PostgreSQL server that can be broken, by `scripts/postgres`.

use std::{
    io::{BufRead as _, BufReader, Lines, Write as _, stderr},
    process::{self, Child, ChildStdin, ChildStdout, Command, Stdio},
};

pub(crate) struct Server {
    url: String,
    /// It ends when this does, at the latest with this process.
    orders: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
    child: Child,
}

impl Server {
    /// Where there is none to start, no test of this binary can run: that is said, and none has failed.
    pub(crate) fn start_or_skip() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres");
        let mut child = Command::new(script)
            .args(["--fsync", "off"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take();
        let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
        let Some(url) = answers.next() else {
            let status = child.wait().unwrap();
            assert_eq!(status.code(), Some(69), "scripts/postgres failed");
            // Past the capture of the test's own output.
            let said = b"skipped: there is no PostgreSQL to test with\n";
            stderr().write_all(said).unwrap();
            process::exit(0);
        };
        Self {
            url: url.unwrap(),
            orders,
            answers,
            child,
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// One of the words of `scripts/postgres`; waits until it is done.
    pub(crate) fn order(&mut self, word: &str) {
        writeln!(self.orders.as_ref().unwrap(), "{word}").unwrap();
        self.answers.next().unwrap().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.orders.take());
        self.child.wait().ok();
    }
}
