//! The layers, kept by a test: who may depend on whom, and words that may stand in one place only.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step of a test's own machinery fails the test"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Normal dependencies (not for tests) of each crate of the workspace.
fn dependencies(crate_name: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == crate_name)
        .unwrap();
    package["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
        .collect()
}

fn ours(crate_name: &str) -> Vec<String> {
    dependencies(crate_name)
        .into_iter()
        .filter(|name| name.starts_with("shopbell"))
        .collect()
}

/// Source files below `folder`, tests and generated files left out.
fn sources(folder: &str, extensions: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
            if entry.is_dir() {
                if ![
                    "node_modules",
                    "dist",
                    "generated",
                    "tests",
                    "test",
                    "examples",
                    "benches",
                ]
                .contains(&name.as_str())
                {
                    folders.push(entry);
                }
            } else if extensions.iter().any(|extension| name.ends_with(extension))
                && !name.contains(".test.")
            {
                let text = fs::read_to_string(&entry).unwrap();
                // Unit tests stand at the end of a file.
                let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
                found.push((entry, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

/// Fails with each place in `folders` where one of `words` stands outside of a file whose path contains one of `except`.
fn only_in(folders: &[&str], words: &[&str], except: &[&str], why: &str) {
    let mut places = Vec::new();
    for (path, text) in folders
        .iter()
        .flat_map(|folder| sources(folder, &[".rs", ".ts", ".tsx"]))
    {
        if except
            .iter()
            .any(|allowed| path.to_str().unwrap().contains(allowed))
        {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            if !code.starts_with("//")
                && !code.starts_with('*')
                && words.iter().any(|word| code.contains(word))
            {
                places.push(format!("{}:{}: {code}", path.display(), number + 1));
            }
        }
    }
    assert!(places.is_empty(), "{why}\n{}", places.join("\n"));
}

#[test]
fn arrows_between_crates_go_one_way() {
    assert_eq!(ours("shopbell-protocol"), [""; 0]);
    assert_eq!(ours("shopbell-engine"), [""; 0]);
    assert_eq!(ours("shopbell-domain"), ["shopbell-protocol"]);
    assert_eq!(ours("shopbell-bus"), ["shopbell-protocol"]);
    assert_eq!(
        ours("shopbell-store"),
        ["shopbell-domain", "shopbell-protocol"]
    );
    assert_eq!(
        ours("shopbell"),
        [
            "shopbell-bus",
            "shopbell-domain",
            "shopbell-engine",
            "shopbell-protocol",
            "shopbell-store"
        ]
    );
}

#[test]
fn the_program_by_itself_cannot_be_made_to_die() {
    let has_points = |package: &str| {
        let arguments = "tree --offline --locked --edges normal --prefix none --package";
        let output = Command::new(env!("CARGO"))
            .args(arguments.split(' '))
            .arg(package)
            .current_dir(root())
            .output()
            .unwrap();
        let tree = String::from_utf8(output.stdout).unwrap();
        assert!(tree.starts_with(package), "{tree}");
        tree.lines().any(|line| line.starts_with("fail v"))
    };
    assert!(has_points("shopbell-testkit"));
    assert!(!has_points("shopbell"));
    // Without `--package` it would be built with the features that the testkit wants.
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    let builds: Vec<_> = makefile
        .lines()
        .filter(|line| line.contains("cargo build --release"))
        .collect();
    assert!(!builds.is_empty());
    assert!(builds.iter().all(|line| line.contains(" -p shopbell ")));
}

#[test]
fn protocol_and_domain_have_no_runtime_clock_or_io() {
    let pure = [
        "jiff",
        "serde",
        "serde_json",
        "shopbell-protocol",
        "thiserror",
        "ts-rs",
        "utoipa",
    ];
    for crate_name in ["shopbell-protocol", "shopbell-domain"] {
        let more: Vec<_> = dependencies(crate_name)
            .into_iter()
            .filter(|name| !pure.contains(&name.as_str()))
            .collect();
        assert!(
            more.is_empty(),
            "{crate_name} has grown dependencies: {more:?}"
        );
    }
    let words = [
        "std::fs",
        "std::net",
        "std::io",
        "std::env",
        "SystemTime",
        "Instant",
        "::now()",
        "async fn",
    ];
    only_in(
        &["crates/protocol/src", "crates/domain/src"],
        &words,
        &[],
        "protocol and domain are pure",
    );
}

#[test]
fn the_engine_names_nothing_of_the_shop() {
    let words = [
        "work_order",
        "WorkOrder",
        "technician",
        "notification",
        "ticket",
        "shop",
        "Shop",
    ];
    only_in(
        &["crates/engine/src"],
        &words,
        &[],
        "the engine knows nothing of shops",
    );
}

#[test]
fn only_store_contains_sql() {
    assert!(!dependencies("shopbell").contains("sqlx"));
    let words = [
        "sqlx::",
        "select * from",
        "insert into",
        "update journal",
        "delete from",
    ];
    only_in(
        &["crates"],
        &words,
        &["crates/store/"],
        "SQL belongs in store",
    );
}

#[test]
fn handlers_do_not_emit() {
    let words = [".emit(", "Packet::", ".deliver(", "Engine<"];
    only_in(
        &["crates/server/src/http"],
        &words,
        &[],
        "a handler commits; delivery sends",
    );
}

#[test]
fn room_names_are_made_by_protocol_alone() {
    let words = [
        "\"work_order_{",
        "\"user_{",
        "\"role_{",
        "\"ticket_{",
        "\"admin_room\"",
        "format!(\"work_order_",
        "format!(\"user_",
    ];
    only_in(
        &["crates"],
        &words,
        &["crates/protocol/src/room.rs", "crates/testkit/"],
        "room names belong to protocol::Room",
    );
}

#[test]
fn only_config_reads_the_environment_and_only_clock_the_time() {
    let folders = ["crates/server/src", "crates/store/src", "crates/bus/src"];
    only_in(
        &folders,
        &["std::env::", "env::var"],
        &["server/src/config/"],
        "settings are read by config alone",
    );
    only_in(
        &folders,
        &["SystemTime", "Timestamp::now", "Zoned::now"],
        &["server/src/clock.rs"],
        "the time is told by Clock alone",
    );
}

#[test]
fn nothing_is_global() {
    let words = [
        "static mut",
        "thread_local!",
        "lazy_static!",
        "LazyLock<",
        "OnceLock<",
    ];
    let folders = [
        "crates/server/src",
        "crates/store/src",
        "crates/bus/src",
        "crates/domain/src",
        "crates/protocol/src",
    ];
    only_in(&folders, &words, &[], "two servers run in one process");
}

#[test]
fn the_web_client_imports_no_react_and_the_kit_no_looks() {
    only_in(
        &["web/client/src"],
        &["from 'react", "from \"react"],
        &[],
        "web/client has no React",
    );
    only_in(
        &["web/react/src"],
        &["@mantine", "sonner", "@tanstack"],
        &[],
        "web/react has no UI kit",
    );
}

#[test]
fn files_stay_small() {
    let mut long = Vec::new();
    for folder in ["crates", "web/client/src", "web/react/src", "web/app/src"] {
        for (path, _) in sources(folder, &[".rs", ".ts", ".tsx"]) {
            let text = fs::read_to_string(&path).unwrap();
            let says_why = text.lines().take(12).any(|line| line.contains("One idea:"));
            if text.lines().count() > 400 && !says_why {
                long.push(path);
            }
        }
    }
    assert!(
        long.is_empty(),
        "over 400 lines without an \"One idea:\" line at the top: {long:#?}"
    );
}
