//! `types`: `catalog/types.tsv`, every resource type of CloudFormation and of Terraform's providers, generated from
//! packages of a public registry. A type of Terraform is the type of CloudFormation that has the same words after
//! those of its service; `data/terraform-names.tsv` has those that are called otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use onus_catalog::Catalog;
use serde::de::IgnoredAny;
use zip::ZipArchive;

/// The packages on PyPI, what is taken from each, and its licence. To refresh: raise the versions, run `types`.
const PACKAGES: [Package; 3] = [
    Package {
        name: "cfn-lint",
        version: "1.58.0",
        what: "the resource schemas of CloudFormation in all Regions, of 2026-10-20",
        licence: "MIT-0",
    },
    Package {
        name: "cdktn-provider-aws",
        version: "25.8.1",
        what: "the resources of Terraform's provider hashicorp/aws 6.69.1",
        licence: "MPL-2.0",
    },
    Package {
        name: "cdktn-provider-awscc",
        version: "1.8.0",
        what: "the resources of Terraform's provider hashicorp/awscc 1.106.0",
        licence: "MPL-2.0",
    },
];

/// The day on which the packages were read.
const READ_ON: &str = "2026-11-23";

struct Package {
    name: &'static str,
    version: &'static str,
    what: &'static str,
    licence: &'static str,
}

/// The names of all types.
struct Names {
    cloudformation: BTreeSet<String>,
    aws: BTreeSet<String>,
    /// Types of the `awscc` provider that CloudFormation does not have any more.
    retired: BTreeSet<String>,
}

/// Generates the table, or with `check` says whether it is what the packages give.
pub(crate) fn run(root: &Path, check: bool) -> Result<String, String> {
    let folder = packages_folder(root);
    let wheels = match download(&folder) {
        Ok(wheels) => wheels,
        Err(error) if check => return Ok(format!("skipped, the packages cannot be had: {error}")),
        Err(error) => return Err(error),
    };
    let names = read_names(&wheels)?;
    let text = table(&names, &crate::docs::read(&root.join("catalog"))?, &exceptions(root)?);
    let file = root.join("catalog/types.tsv");
    let same = fs::read_to_string(&file).is_ok_and(|old| old == text);
    if check && !same {
        return Err(
            "catalog/types.tsv is not what the packages give\nrun: cargo run -p xtask -- types"
                .into(),
        );
    }
    if !same {
        fs::write(&file, &text).map_err(|error| error.to_string())?;
    }
    Ok(format!(
        "{} types of CloudFormation, {} of the aws provider, {} that only awscc still has: {}",
        names.cloudformation.len(),
        names.aws.len(),
        names.retired.len(),
        if same { "nothing new" } else { "written" }
    ))
}

/// Beside the build output, so that a package is downloaded once.
fn packages_folder(root: &Path) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("packages")
}

fn download(folder: &Path) -> Result<Vec<PathBuf>, String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    PACKAGES.iter().map(|package| wheel(folder, package)).collect()
}

fn wheel(folder: &Path, package: &Package) -> Result<PathBuf, String> {
    let name = format!("{}-{}-py3-none-any.whl", package.name.replace('-', "_"), package.version);
    let path = folder.join(&name);
    if path.is_file() {
        return Ok(path);
    }
    let wanted = format!("{}=={}", package.name, package.version);
    let ran = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"])
        .arg(folder)
        .arg(&wanted)
        .output()
        .map_err(|error| format!("python3: {error}"))?;
    if !ran.status.success() || !path.is_file() {
        return Err(format!("{wanted}: {}", String::from_utf8_lossy(&ran.stderr).trim()));
    }
    Ok(path)
}

fn read_names(wheels: &[PathBuf]) -> Result<Names, String> {
    let [schemas, aws, awscc] = wheels else { return Err("three packages are needed".into()) };
    let cloudformation = schema_types(schemas)?;
    let aws = provider_types(aws, "aws_")?;
    let awscc = provider_types(awscc, "awscc_")?;
    let known: BTreeSet<String> =
        cloudformation.iter().map(|name| letters(after_vendor(name))).collect();
    let retired = awscc
        .into_iter()
        .filter(|name| !known.contains(&letters(name.trim_start_matches("awscc_"))))
        .collect();
    Ok(Names { cloudformation, aws, retired })
}

fn open(wheel: &Path) -> Result<ZipArchive<File>, String> {
    let file = File::open(wheel).map_err(|error| format!("{}: {error}", wheel.display()))?;
    ZipArchive::new(file).map_err(|error| format!("{}: {error}", wheel.display()))
}

fn files(archive: &ZipArchive<File>, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let names = archive.file_names().filter_map(Result::ok);
    names.filter(|name| wanted(name)).map(|name| name.into_owned()).collect()
}

/// The keys of the schema file of every Region.
fn schema_types(wheel: &Path) -> Result<BTreeSet<String>, String> {
    let mut archive = open(wheel)?;
    let files =
        files(&archive, |name| name.contains("/schemas/providers/") && name.ends_with(".json"));
    let mut types = BTreeSet::new();
    for name in files {
        let file = archive.by_name(&name).map_err(|error| error.to_string())?;
        let of_region: BTreeMap<String, IgnoredAny> =
            serde_json::from_reader(file).map_err(|error| format!("{name}: {error}"))?;
        types.extend(of_region.into_keys());
    }
    Ok(types)
}

/// The modules of a provider's bindings each begin with the name of their resource and the page that describes it.
fn provider_types(wheel: &Path, prefix: &str) -> Result<BTreeSet<String>, String> {
    let mut archive = open(wheel)?;
    let files = files(&archive, |name| name.ends_with("/__init__.py"));
    let mut types = BTreeSet::new();
    for name in files {
        let mut file = archive.by_name(&name).map_err(|error| error.to_string())?;
        let mut head = [0u8; 600];
        let mut length = 0;
        while let Some(rest) = head.get_mut(length..).filter(|rest| !rest.is_empty()) {
            match file.read(rest).map_err(|error| format!("{name}: {error}"))? {
                0 => break,
                read => length += read,
            }
        }
        let head = String::from_utf8_lossy(head.get(..length).unwrap_or_default()).into_owned();
        let title = head.lines().find_map(|line| line.strip_prefix("# `")?.strip_suffix('`'));
        if let Some(title) = title.filter(|title| title.starts_with(prefix))
            && head.contains("/docs/resources/")
        {
            types.insert(title.to_owned());
        }
    }
    Ok(types)
}

/// Types of Terraform with other names than CloudFormation's.
fn exceptions(root: &Path) -> Result<BTreeMap<String, String>, String> {
    let path = root.join("xtask/data/terraform-names.tsv");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    Ok(rows
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, types)| (name.to_owned(), types.to_owned()))
        .collect())
}

fn table(names: &Names, catalog: &Catalog, exceptions: &BTreeMap<String, String>) -> String {
    let mut text = String::from(
        "# Every resource type of CloudFormation, then every one of Terraform with what it is in CloudFormation.\n\
         # Generated by `cargo run -p xtask -- types`. The names come from these packages of PyPI, read on ",
    );
    let _ = writeln!(text, "{READ_ON}:");
    for Package { name, version, what, licence } in &PACKAGES {
        let _ = writeln!(text, "# {name} {version} ({licence}): {what}");
    }
    for name in &names.cloudformation {
        let _ = writeln!(text, "{name}");
    }
    let rule = Rule::new(&names.cloudformation, catalog);
    for name in names.aws.iter().chain(&names.retired) {
        let same = exceptions.get(name).cloned().or_else(|| rule.find(name)).unwrap_or_default();
        let _ = writeln!(text, "{name}\t{same}");
    }
    text
}

/// Finds the type of CloudFormation that has the same words.
struct Rule<'a> {
    by_letters: BTreeMap<String, &'a str>,
    /// Prefixes of Terraform's types, each with the namespaces of its service.
    prefixes: Vec<(&'a str, &'a [onus_model::EcoString])>,
}

impl<'a> Rule<'a> {
    fn new(cloudformation: &'a BTreeSet<String>, catalog: &'a Catalog) -> Rule<'a> {
        let by_letters = cloudformation
            .iter()
            .map(|name| (letters(after_vendor(name)), name.as_str()))
            .collect();
        let mut prefixes: Vec<(&str, &[onus_model::EcoString])> = catalog
            .services
            .iter()
            .flat_map(|service| {
                let namespaces = service.namespaces.as_slice();
                service.terraform.iter().map(move |prefix| (prefix.as_str(), namespaces))
            })
            .collect();
        // The longest prefix speaks of the service most exactly.
        prefixes.sort_by_key(|(prefix, _)| (std::cmp::Reverse(prefix.len()), *prefix));
        Rule { by_letters, prefixes }
    }

    fn find(&self, terraform: &str) -> Option<String> {
        let whole = letters(terraform.strip_prefix("aws_")?);
        let of_service = || {
            let (prefix, namespaces) =
                self.prefixes.iter().find(|(prefix, _)| terraform.starts_with(prefix))?;
            let rest = letters(terraform.strip_prefix(prefix)?);
            namespaces.iter().find_map(|namespace| {
                self.by_letters.get(&(letters(after_vendor(namespace)) + &rest))
            })
        };
        self.by_letters.get(&whole).or_else(of_service).map(|name| (*name).to_owned())
    }
}

/// `S3::Bucket` of `AWS::S3::Bucket`.
fn after_vendor(name: &str) -> &str {
    name.split_once("::").map_or(name, |(_, rest)| rest)
}

fn letters(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Names, exceptions, table};
    use onus_catalog::Catalog;
    use std::fs;
    use std::path::Path;

    /// The table made again from its own names.
    fn again(root: &Path, catalog: &Catalog) -> Result<String, String> {
        let registry = &catalog.registry;
        let (retired, aws) = registry
            .all_terraform()
            .map(|(name, _)| name.to_owned())
            .partition(|name| name.starts_with("awscc_"));
        let cloudformation = registry.all_cloudformation().map(str::to_owned).collect();
        Ok(table(&Names { cloudformation, aws, retired }, catalog, &exceptions(root)?))
    }

    #[test]
    fn the_table_is_what_its_names_and_the_rule_give() {
        let root = crate::root();
        let catalog = crate::docs::read(&root.join("catalog")).unwrap();
        let kept = fs::read_to_string(root.join("catalog/types.tsv")).unwrap();
        let made = again(&root, &catalog).unwrap();
        let differs = kept.lines().zip(made.lines()).find(|(kept, made)| kept != made);
        assert_eq!(differs, None, "run: cargo run -p xtask -- types");
        assert_eq!(kept.len(), made.len());
    }

    #[test]
    fn every_name_of_the_table_and_of_the_exceptions_exists() {
        let root = crate::root();
        let registry = crate::docs::read(&root.join("catalog")).unwrap().registry;
        for (name, types) in exceptions(&root).unwrap() {
            assert!(registry.knows(&name), "{name} is no type of Terraform");
            assert!(!types.is_empty(), "{name} is called like nothing");
        }
        for (name, types) in registry.all_terraform() {
            let known = |name: &str| registry.all_cloudformation().any(|known| known == name);
            assert!(types.split_whitespace().all(known), "{name} is {types}");
        }
    }

    #[test]
    fn every_type_has_a_service() {
        let catalog = crate::docs::read(&crate::root().join("catalog")).unwrap();
        let registry = &catalog.registry;
        let terraform = registry.all_terraform().map(|(name, _)| name);
        let terraform = terraform.filter(|name| name.starts_with("aws_"));
        // What SAM did not resolve belongs to many services, and one namespace has no documentation.
        let of_none = ["AWS::Serverless::", "AWS::GammaDilithium::", "AMZN::", "Alexa::"];
        let cloudformation = registry
            .all_cloudformation()
            .filter(|name| !of_none.iter().any(|namespace| name.starts_with(namespace)));
        let without: Vec<&str> = terraform
            .chain(cloudformation)
            .filter(|name| catalog.service_of(name).is_none())
            .collect();
        assert!(without.is_empty(), "{}", without.join(" "));
    }

    #[test]
    fn types_in_depth_agree_with_the_table() {
        let catalog = crate::docs::read(&crate::root().join("catalog")).unwrap();
        let mut wrong = Vec::new();
        for entry in catalog.types.iter().filter(|entry| catalog.registry.knows(&entry.name)) {
            for name in &entry.terraform {
                let known = catalog.registry.cloudformation(name);
                if !known.is_empty() && !known.contains(&entry.name) {
                    wrong.push(format!(
                        "{name} is {} in the table, {} in depth",
                        known.join(" "),
                        entry.name
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
