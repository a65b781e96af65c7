//! Paths as text: `/` between parts, `.` for the folder where the run began.

use ecow::EcoString;

/// `path` as seen from `folder`, without `.` and, as far as it can be told, without `..` parts. An
/// absolute `path` stands for itself.
pub fn join(folder: &str, path: &str) -> EcoString {
    let absolute = path.starts_with('/') || folder.starts_with('/');
    let all = if path.starts_with('/') { String::new() } else { folder.to_owned() } + "/" + path;
    let mut parts: Vec<&str> = Vec::new();
    for part in all.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                None if absolute => {}
                None | Some(&"..") => parts.push(".."),
                Some(_) => {
                    parts.pop();
                }
            },
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => ecow::eco_format!("/{joined}"),
        (false, true) => ".".into(),
        (false, false) => joined.into(),
    }
}

/// The folder of a path; `.` for a bare name.
pub fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => ".",
    }
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_resolves_dots() {
        let cases = [
            (".", "a.tf", "a.tf"),
            ("a/b", "../c", "a/c"),
            ("a", "../..", ".."),
            ("a", "..", "."),
            ("..", "../x", "../../x"),
            ("/a", "../../x", "/x"),
            ("a", "/etc/x", "/etc/x"),
        ];
        for (folder, path, expected) in cases {
            assert_eq!(join(folder, path), expected, "{folder} + {path}");
        }
    }
}
