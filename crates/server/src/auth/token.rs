//! Access tokens: JWT (RFC 7519), signed and checked with HS256 alone.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use shopbell_protocol::{Claims, Code, Timestamp};

/// Seconds that another machine's clock may be ahead of ours in `nbf` and `iat`. `exp` gets none.
const CLOCK_SKEW_S: i64 = 30;

/// The key, and what every token must say.
#[derive(Clone)]
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    /// Of [`Tokens::fingerprint`].
    key: [u8; 32],
    validation: Validation,
    issuer: Option<String>,
    audience: Option<String>,
}

impl Tokens {
    /// Tokens of this secret; an empty `issuer` or `audience` is not checked.
    #[must_use]
    pub fn new(secret: &SecretString, issuer: &str, audience: &str) -> Self {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (issuer, audience) = (given(issuer), given(audience));
        // The algorithm is pinned: `none` and key confusion cannot be asked for by the token.
        let mut validation = Validation::new(Algorithm::HS256);
        // Times are checked against our own clock, below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = audience.is_some();
        let mut required = vec!["exp"];
        if let Some(issuer) = &issuer {
            validation.set_issuer(&[issuer]);
            required.push("iss");
        }
        if let Some(audience) = &audience {
            validation.set_audience(&[audience]);
            required.push("aud");
        }
        validation.set_required_spec_claims(&required);
        let secret = secret.expose_secret().as_bytes();
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            key: Sha256::new_with_prefix(b"fingerprint ")
                .chain_update(secret)
                .finalize()
                .into(),
            validation,
            issuer,
            audience,
        }
    }

    /// The same for the same bytes, and without the secret no help in guessing them: they may hold a password.
    #[must_use]
    pub fn fingerprint(&self, bytes: &[u8]) -> [u8; 32] {
        let keyed = Sha256::new_with_prefix(self.key);
        keyed.chain_update(Sha256::digest(bytes)).finalize().into()
    }

    /// Signs `claims`, with our issuer and audience.
    ///
    /// # Errors
    ///
    /// Fails when the claims cannot be serialized or signed.
    pub fn sign(&self, claims: Claims) -> anyhow::Result<String> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            ..claims
        };
        Ok(encode(
            &Header::new(Algorithm::HS256),
            &claims,
            &self.encoding,
        )?)
    }

    /// The claims of a token that is ours and valid at `now`.
    ///
    /// # Errors
    ///
    /// [`Code::TokenExpired`] when only its time is over, [`Code::InvalidToken`] for anything else.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Code> {
        let claims = decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|_| Code::InvalidToken)?
            .claims;
        let (now, ahead) = (now.as_secs(), now.as_secs() + CLOCK_SKEW_S);
        if claims.nbf.is_some_and(|nbf| nbf > ahead) || claims.iat.is_some_and(|iat| iat > ahead) {
            return Err(Code::InvalidToken);
        }
        if claims.exp <= now {
            Err(Code::TokenExpired)
        } else {
            Ok(claims)
        }
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens")
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn now() -> Timestamp {
        Timestamp::from_millis(NOW * 1000)
    }

    fn tokens() -> Tokens {
        Tokens::new(&"a secret of at least thirty-two bytes".into(), "", "")
    }

    fn signed(claims: &Value) -> String {
        encode(&Header::new(Algorithm::HS256), claims, &tokens().encoding).unwrap()
    }

    #[test]
    fn a_fingerprint_takes_the_secret() {
        let other = Tokens::new(&"another secret of thirty-two bytes".into(), "", "");
        let ours = tokens().fingerprint(b"body");
        assert_eq!(ours, tokens().fingerprint(b"body"));
        assert_ne!(ours, tokens().fingerprint(b"another body"));
        assert_ne!(ours, other.fingerprint(b"body"));
        assert_ne!(ours, <[u8; 32]>::from(Sha256::digest(b"body")));
    }

    #[test]
    fn a_token_of_another_backend_needs_only_id_and_exp() {
        let claims = tokens()
            .verify(&signed(&json!({"id": 7, "exp": NOW + 1})), now())
            .unwrap();
        assert_eq!((claims.id.0, claims.shop.0, claims.sid), (7, 1, None));
    }

    #[test]
    fn exp_has_no_leeway() {
        assert!(
            tokens()
                .verify(&signed(&json!({"id": 7, "exp": NOW + 1})), now())
                .is_ok()
        );
        assert_eq!(
            tokens().verify(&signed(&json!({"id": 7, "exp": NOW})), now()),
            Err(Code::TokenExpired)
        );
    }

    #[test]
    fn nbf_and_iat_have_thirty_seconds() {
        for claim in ["nbf", "iat"] {
            assert!(
                tokens()
                    .verify(
                        &signed(&json!({"id": 7, "exp": NOW + 99, claim: NOW + 30})),
                        now()
                    )
                    .is_ok()
            );
            let late = tokens().verify(
                &signed(&json!({"id": 7, "exp": NOW + 99, claim: NOW + 31})),
                now(),
            );
            assert_eq!(late, Err(Code::InvalidToken));
        }
    }

    #[test]
    fn a_missing_exp_a_refresh_token_and_wrong_types_are_refused() {
        for claims in [
            json!({"id": 7}),
            json!({"exp": NOW + 99}),
            json!({"id": 7, "exp": NOW + 99, "typ": "refresh"}),
            json!({"id": "7", "exp": NOW + 99}),
            json!({"id": 7, "exp": "soon"}),
            json!([]),
        ] {
            assert_eq!(
                tokens().verify(&signed(&claims), now()),
                Err(Code::InvalidToken),
                "{claims}"
            );
        }
    }

    #[test]
    fn only_hs256_with_our_secret_passes() {
        let claims = json!({"id": 7, "exp": NOW + 99});
        let good = signed(&claims);
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let none = format!(
            "{}.{}.",
            part(json!({"alg": "none", "typ": "JWT"})),
            part(claims.clone())
        );
        let other = EncodingKey::from_secret(b"another secret of at least 32 bytes!!");
        let forged = encode(&Header::new(Algorithm::HS256), &claims, &other).unwrap();
        let hs512 = encode(&Header::new(Algorithm::HS512), &claims, &tokens().encoding).unwrap();
        let cut = &good[..good.len() - 2];
        for token in ["", "a.b.c", "é", cut, &none, &forged, &hs512] {
            assert_eq!(
                tokens().verify(token, now()),
                Err(Code::InvalidToken),
                "{token}"
            );
        }
    }

    #[test]
    fn configured_issuer_and_audience_are_required() {
        let strict = Tokens::new(
            &"a secret of at least thirty-two bytes".into(),
            "shop",
            "bell",
        );
        for (claims, passes) in [
            (
                json!({"id": 7, "exp": NOW + 9, "iss": "shop", "aud": "bell"}),
                true,
            ),
            (
                json!({"id": 7, "exp": NOW + 9, "iss": "shop", "aud": ["x", "bell"]}),
                true,
            ),
            (
                json!({"id": 7, "exp": NOW + 9, "iss": "shop", "aud": "x"}),
                false,
            ),
            (json!({"id": 7, "exp": NOW + 9, "iss": "shop"}), false),
            (json!({"id": 7, "exp": NOW + 9, "aud": "bell"}), false),
        ] {
            assert_eq!(
                strict.verify(&signed(&claims), now()).is_ok(),
                passes,
                "{claims}"
            );
        }
        let ours = tokens()
            .verify(&signed(&json!({"id": 7, "exp": NOW + 9})), now())
            .unwrap();
        assert!(strict.verify(&strict.sign(ours).unwrap(), now()).is_ok());
    }
}
