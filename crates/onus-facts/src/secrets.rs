//! Credentials in text: found here, so that the text itself never has to leave.

use std::sync::Arc;

use onus_model::{EcoString, List, Node, Piece, Reason, Unknown, Value};

use crate::extract::map_choice;

/// The kinds of credential in a text, as a list; the text may be base64. What is not known of it leaves the list open.
pub(crate) fn find(node: &Node) -> Node {
    let (kinds, rest) = match &node.value {
        Value::Absent => return node.clone(),
        Value::Choice(choice) => return map_choice(choice, node, find),
        Value::String(text) => (kinds(text), None),
        Value::Unknown(unknown) if unknown.reason == Reason::Redacted => {
            (vec!["a sensitive value"], None)
        }
        Value::Unknown(unknown) => {
            let known = unknown.pieces.iter().filter_map(|piece| match piece {
                Piece::Text(text) => Some(kinds(text)),
                Piece::Hole => None,
            });
            // What a hole will hold is not written out here; a text of which nothing is known may be anything.
            (known.flatten().collect(), unknown.pieces.is_empty().then(|| open(unknown)))
        }
        Value::List(_) | Value::Map(_) | Value::Encoded(_) => {
            let (mut all, mut rest) = (Vec::new(), None);
            node.walk(&mut |below| match &below.value {
                Value::String(text) => all.extend(kinds(text)),
                Value::Unknown(unknown) => rest = Some(open(unknown)),
                _ => {}
            });
            (all, rest)
        }
        Value::Bool(_) | Value::Number(_) => (Vec::new(), None),
    };
    let mut items: Vec<Node> = Vec::new();
    for kind in kinds {
        if items.iter().all(|known| known.as_str() != Some(kind)) {
            items.push(Node::string(kind, node.span));
        }
    }
    Node::new(Value::List(Arc::new(List { items, rest })), node.span)
}

fn open(unknown: &Arc<Unknown>) -> Arc<Unknown> {
    Arc::new(Unknown::new(unknown.reason, unknown.settles.clone()))
}

/// What kinds of credential are written in `text`.
fn kinds(text: &str) -> Vec<&'static str> {
    let mut found = plain_kinds(text);
    if found.is_empty()
        && let Some(decoded) = decoded(text)
    {
        found = plain_kinds(&decoded);
    }
    found
}

fn plain_kinds(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    if has_access_key_id(text) {
        found.push("an AWS access key id");
    }
    if text.contains("PRIVATE KEY-----") {
        found.push("a private key");
    }
    if TOKENS.iter().any(|prefix| has_token(text, prefix)) {
        found.push("a token of a code host");
    }
    if text.match_indices("://").any(|(at, sign)| text.get(at + sign.len()..).is_some_and(logs_in))
    {
        found.push("a password in an address");
    }
    if text.lines().any(assigns_secret) {
        found.push("a password or secret that is written out");
    }
    found
}

/// How personal access tokens of GitHub and GitLab begin.
const TOKENS: [&str; 7] = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"];

fn has_token(text: &str, prefix: &str) -> bool {
    text.match_indices(prefix).any(|(at, _)| {
        let rest = text.as_bytes().get(at + prefix.len()..).unwrap_or_default();
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        rest.iter().take_while(is_part).count() >= 16
    })
}

/// Whether what follows `://` is a name, a password that is written out, and a host.
fn logs_in(rest: &str) -> bool {
    let ends = |char: char| char.is_whitespace() || matches!(char, '/' | '"' | '\'' | '?' | '#');
    let authority = rest.split(ends).next().unwrap_or_default();
    let Some((user, host)) = authority.rsplit_once('@') else { return false };
    let password = user.split_once(':').map_or("", |(_, password)| password);
    !host.is_empty() && !password.is_empty() && !password.starts_with(['$', '{', '<', '%'])
}

/// `AKIA` or `ASIA` and sixteen capitals or digits, as AWS documents the unique ids of IAM.
fn has_access_key_id(text: &str) -> bool {
    ["AKIA", "ASIA"].iter().any(|prefix| {
        text.match_indices(prefix).any(|(at, _)| {
            let rest = text.as_bytes().get(at + prefix.len()..).unwrap_or_default();
            let id = rest
                .iter()
                .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
                .count();
            let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
            id == 16 && !before.is_some_and(u8::is_ascii_alphanumeric)
        })
    })
}

/// A name that speaks of a secret, given a value that is written out.
fn assigns_secret(line: &str) -> bool {
    let Some((name, value)) = line.split_once(['=', ':']) else { return false };
    let is_edge = |char: char| char.is_whitespace() || char == '"' || char == '\'';
    let name = name
        .trim_end_matches(is_edge)
        .rsplit(is_edge)
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let speaks = [
        "password",
        "passwd",
        "secret",
        "secret_key",
        "secret_access_key",
        "api_key",
        "apikey",
        "auth_token",
    ]
    .iter()
    .any(|word| name.ends_with(word));
    let value = value.trim_start();
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.trim_start_matches(quote).split(quote).next(),
        _ => value.split(|char: char| is_edge(char) || char == ';' || char == ',').next(),
    };
    let value = value.unwrap_or_default();
    let written = value.len() >= 6
        && !value.starts_with(['$', '{', '<', '(', '`', '%', '/'])
        && !value.starts_with("arn:")
        && !value.contains("${")
        && !value.contains("$(");
    speaks && written
}

/// The text behind base64, if it is that.
fn decoded(text: &str) -> Option<EcoString> {
    use base64::Engine;
    let compact: String = text.chars().filter(|char| !char.is_whitespace()).collect();
    if compact.len() < 16
        || !compact.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
    {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(compact).ok()?;
    String::from_utf8(bytes).ok().map(EcoString::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_told_from_references_to_them() {
        let key = ["AK", "IAIOSFODNN7EXAMPLE"].concat();
        let cases = [
            (format!("export AWS_ACCESS_KEY_ID={key}"), true),
            (format!("x{key}"), false),
            ("DB_PASSWORD=correcthorse".into(), true),
            ("DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id x)".into(), false),
            ("DB_PASSWORD=${var.password}".into(), false),
            ("SECRET=arn:aws:secretsmanager:eu-west-1:123456789012:secret:x".into(), false),
            ("-----BEGIN RSA PRIVATE KEY-----".into(), true),
            ("REJfUEFTU1dPUkQ9Y29ycmVjdGhvcnNl".into(), true),
            (r#"echo "DB_PASSWORD=correct-horse" >> /etc/environment"#.into(), true),
            (r#""password": "correct horse""#.into(), true),
            ("the password: see the wiki".into(), false),
            ("https://x-token-auth:0123456789abcdef@bitbucket.org/a/b.git".into(), true),
            ("postgres://app:correct-horse@db.internal:5432/app".into(), true),
            ("https://app:${var.password}@db.internal/app".into(), false),
            ("https://app@db.internal/app?x=a:b@c".into(), false),
            ("arn:aws:s3:::bucket, mail me: a://b@c".into(), false),
            (["gh", "p_0123456789abcdef0123456789abcdef0123"].concat(), true),
            ("ghp_short".into(), false),
            ("echo hello".into(), false),
        ];
        for (text, expected) in cases {
            assert_eq!(!kinds(&text).is_empty(), expected, "{text}");
        }
    }
}
