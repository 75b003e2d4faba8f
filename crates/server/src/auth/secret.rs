//! The secret that signs tokens, and random text.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::{Context as _, bail};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;

/// HS256 wants at least as many bytes as its hash has (RFC 7518 §3.2).
const SHORTEST: usize = 32;

/// Reads the secret from `file`, or, when that is empty, from `secret` in the data folder, made on first start with
/// mode 600.
///
/// # Errors
///
/// Fails when the file cannot be read or made, or holds fewer than 32 bytes.
pub fn load(file: &Path, data: &Path) -> anyhow::Result<SecretString> {
    let made = data.join("secret");
    let path = if file.as_os_str().is_empty() {
        made.as_path()
    } else {
        file
    };
    if path == made {
        make(path).with_context(|| format!("failed to make the secret in {}", path.display()))?;
    }
    let text = fs::read_to_string(path)
        .with_context(|| format!("failed to read auth.secret_file {}", path.display()))?;
    let text = text.trim();
    if text.len() < SHORTEST {
        bail!(
            "auth.secret_file: {} holds fewer than {SHORTEST} bytes",
            path.display()
        );
    }
    Ok(text.into())
}

/// Writes a new secret unless there is one. It appears under its name only when it is whole.
fn make(path: &Path) -> anyhow::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let draft = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(random_text()?.as_bytes())?;
    file.sync_all()?;
    match fs::hard_link(&draft, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    fs::remove_file(&draft)?;
    Ok(())
}

/// 256 random bits as 43 characters that need no escaping anywhere.
///
/// # Errors
///
/// Fails when the system has no randomness.
pub fn random_text() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("failed to get random bytes: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
