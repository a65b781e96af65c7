//! Paths into what a source says: `A.B[Key=x].C`, and `A."b.c"` for a name that has dots in it.

use ecow::EcoString;
use serde::{Deserialize, Serialize};

/// Names to follow, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path {
    /// The steps; none of them means the place itself.
    pub steps: Vec<Step>,
}

/// One name, and which elements of the list found there are meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The name.
    pub name: EcoString,
    /// Only elements whose attributes have these values, compared as text.
    pub select: Vec<(EcoString, EcoString)>,
}

impl Path {
    /// Reads a path; `None` if it is not well formed.
    pub fn parse(text: &str) -> Option<Path> {
        let mut steps = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (name, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => rest.split_at_checked(rest.find(['.', '[']).unwrap_or(rest.len()))?,
            };
            if name.is_empty() {
                return None;
            }
            let (select, after) = match after.strip_prefix('[') {
                Some(inside) => {
                    let (conditions, after) = inside.split_once(']')?;
                    let pairs = conditions.split(',').map(|pair| {
                        let (key, value) = pair.split_once('=')?;
                        Some((key.trim().into(), value.trim().into()))
                    });
                    (pairs.collect::<Option<Vec<_>>>()?, after)
                }
                None => (Vec::new(), after),
            };
            steps.push(Step { name: name.into(), select });
            rest = match after.strip_prefix('.') {
                Some("") => return None,
                Some(after) => after,
                None if after.is_empty() => "",
                None => return None,
            };
        }
        Some(Path { steps })
    }

    /// The same path with every name in snake_case, as Terraform providers derive it.
    #[must_use]
    pub fn snake_case(&self) -> Path {
        let steps = self.steps.iter().map(|step| Step {
            name: snake_case(&step.name),
            select: step
                .select
                .iter()
                .map(|(key, value)| (snake_case(key), value.clone()))
                .collect(),
        });
        Path { steps: steps.collect() }
    }
}

/// `KMSMasterKeyID` to `kms_master_key_id`: a word begins at a capital after a small letter or digit, and at the
/// last capital of a run that is followed by a small letter.
pub(crate) fn snake_case(name: &str) -> EcoString {
    let chars: Vec<char> = name.chars().collect();
    let mut out = EcoString::new();
    let mut previous: Option<char> = None;
    for (at, &char) in chars.iter().enumerate() {
        if let Some(before) = previous
            && char.is_ascii_uppercase()
        {
            let next_is_small = chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
            if before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || (before.is_ascii_uppercase() && next_is_small)
            {
                out.push('_');
            }
        }
        out.push(char.to_ascii_lowercase());
        previous = Some(char);
    }
    out
}

/// `from_port` to `FromPort`.
pub(crate) fn pascal_case(name: &str) -> EcoString {
    let mut out = EcoString::new();
    for word in name.split('_') {
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            out.push(first.to_ascii_uppercase());
            out.push_str(chars.as_str());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_case_as_providers_do() {
        for (pascal, snake) in [
            ("KMSMasterKeyID", "kms_master_key_id"),
            ("VersioningConfiguration", "versioning_configuration"),
            ("CidrIpv6", "cidr_ipv6"),
            ("SSESpecification", "sse_specification"),
            ("EnableIAMDatabaseAuthentication", "enable_iam_database_authentication"),
        ] {
            assert_eq!(snake_case(pascal), snake);
        }
        assert_eq!(pascal_case("from_port"), "FromPort");
    }

    #[test]
    fn quoted_names_keep_their_dots() {
        let path = Path::parse("Parameters.\"rds.force_ssl\"").unwrap();
        let names: Vec<&str> = path.steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, ["Parameters", "rds.force_ssl"]);
        assert_eq!(Path::parse("Parameters.\"rds"), None);
    }

    #[test]
    fn selectors_are_read() {
        let path = Path::parse("Attributes[Key=a.b, Kind=x].Value").unwrap();
        assert_eq!(path.steps.len(), 2);
        assert_eq!(
            path.steps[0].select,
            [("Key".into(), "a.b".into()), ("Kind".into(), "x".into())]
        );
        for bad in [".a", "a.", "a[b", "a[b].c", "a[b=c]d", "a..b"] {
            assert_eq!(Path::parse(bad), None, "{bad}");
        }
    }
}
