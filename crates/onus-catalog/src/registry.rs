//! The registry: every resource type of CloudFormation and of Terraform's `aws` and `awscc` providers, whether the
//! catalog describes it in depth or not. Read from `types.tsv`, which `xtask types` generates.

use std::cmp::Ordering;

use ecow::{EcoString, EcoVec};
use onus_model::Span;
use serde::{Deserialize, Serialize};

use crate::decode::Mistakes;

/// The types as lines of text, which are searched where they lie: a run asks for few of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Registry {
    /// `AWS::S3::Bucket` a line, in the order of [`key`].
    cloudformation: EcoString,
    /// `aws_s3_bucket`, a tab, and its types in CloudFormation with spaces between, a line, in ascending order.
    terraform: EcoString,
}

impl Registry {
    /// Reads `types.tsv`: lines that begin with `#` say where it comes from.
    pub(crate) fn read(text: &str, file: Span, mistakes: &mut Mistakes) -> Registry {
        let mut cloudformation: Vec<&str> = Vec::new();
        let mut terraform: Vec<&str> = Vec::new();
        for (number, line) in (1u32..).zip(text.lines()) {
            match line.split('\t').collect::<Vec<_>>().as_slice() {
                [name] if name.contains("::") => cloudformation.push(name),
                [name, _] if !name.contains("::") => terraform.push(line),
                _ if line.starts_with('#') => {}
                _ => mistakes.add(
                    "a line is a type of CloudFormation, or a type of Terraform, a tab and what it is in CloudFormation",
                    Span { line: number, ..file },
                ),
            }
        }
        cloudformation.sort_by(|a, b| key(a).cmp(key(b)));
        terraform.sort_unstable();
        Registry { cloudformation: lines(&cloudformation), terraform: lines(&terraform) }
    }

    /// Whether there is such a type: in CloudFormation, or in a provider of Terraform.
    pub fn knows(&self, native: &str) -> bool {
        if is_of_aws_provider(native) {
            self.terraform_line(native).is_some()
        } else {
            self.same_key(native).is_some()
        }
    }

    /// The types of CloudFormation that a native type is: none, one, or for a few types of Terraform several.
    pub fn cloudformation(&self, native: &str) -> EcoVec<EcoString> {
        if !is_of_aws_provider(native) {
            return self.same_key(native).into_iter().map(EcoString::from).collect();
        }
        let line = self.terraform_line(native).unwrap_or_default();
        line.split_whitespace().map(EcoString::from).collect()
    }

    /// All types of CloudFormation.
    pub fn all_cloudformation(&self) -> impl Iterator<Item = &str> {
        self.cloudformation.lines()
    }

    /// All types of Terraform's `aws` provider, each with what it is in CloudFormation.
    pub fn all_terraform(&self) -> impl Iterator<Item = (&str, &str)> {
        self.terraform.lines().filter_map(|line| line.split_once('\t'))
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.cloudformation.is_empty()
    }

    /// `AWS::S3::Bucket` and `awscc_s3_bucket` have one key: the provider's names are made from CloudFormation's.
    fn same_key(&self, native: &str) -> Option<&str> {
        search(&self.cloudformation, |line| key(line).cmp(key(native)))
    }

    fn terraform_line(&self, native: &str) -> Option<&str> {
        let name = |line: &str| line.split('\t').next().unwrap_or_default().cmp(native);
        search(&self.terraform, name)?.split_once('\t').map(|(_, types)| types)
    }
}

fn is_of_aws_provider(native: &str) -> bool {
    native.starts_with("aws_")
}

/// The letters and digits of a name after its vendor, in lower case.
fn key(name: &str) -> impl Iterator<Item = u8> + '_ {
    let rest = match name.split_once("::") {
        Some((_, rest)) => rest,
        None => name.strip_prefix("awscc_").unwrap_or(name),
    };
    rest.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

fn lines(all: &[&str]) -> EcoString {
    let mut text = String::new();
    for line in all {
        text.push_str(line);
        text.push('\n');
    }
    text.into()
}

/// The line of sorted lines that is equal by `order`.
fn search(text: &str, order: impl Fn(&str) -> Ordering) -> Option<&str> {
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = text.get(low..middle)?.rfind('\n').map_or(low, |at| low + at + 1);
        let end = text.get(start..high)?.find('\n').map_or(high, |at| start + at);
        let line = text.get(start..end)?;
        match order(line) {
            Ordering::Equal => return Some(line),
            Ordering::Less => low = (end + 1).min(high),
            Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Registry;
    use crate::decode::Mistakes;
    use onus_model::Span;

    #[test]
    fn every_line_is_found_and_nothing_else() {
        let text = "# from somewhere\nAWS::S3::Bucket\nAWS::EC2::VPCEndpoint\nAWS::EC2::VPC\nAWS::RDS::DBInstance\n\
            aws_s3_bucket\tAWS::S3::Bucket\naws_vpc\tAWS::EC2::VPC\naws_ami_copy\t\n\
            aws_directory\tAWS::D::MicrosoftAD AWS::D::SimpleAD\n";
        let mut mistakes = Mistakes::default();
        let registry = Registry::read(text, Span::NONE, &mut mistakes);
        assert!(mistakes.0.is_empty());
        let cases = [
            ("AWS::S3::Bucket", "AWS::S3::Bucket"),
            ("AWS::EC2::VPC", "AWS::EC2::VPC"),
            ("awscc_ec2_vpc_endpoint", "AWS::EC2::VPCEndpoint"),
            ("awscc_rds_db_instance", "AWS::RDS::DBInstance"),
            ("aws_s3_bucket", "AWS::S3::Bucket"),
            ("aws_vpc", "AWS::EC2::VPC"),
            ("aws_directory", "AWS::D::MicrosoftAD,AWS::D::SimpleAD"),
        ];
        for (native, wanted) in cases {
            assert!(registry.knows(native), "{native}");
            assert_eq!(registry.cloudformation(native).join(","), wanted);
        }
        assert!(registry.knows("aws_ami_copy"));
        assert!(registry.cloudformation("aws_ami_copy").is_empty());
        for unknown in
            ["AWS::S3::Bucke", "AWS::EC2::VP", "aws_s3_bucke", "aws_zzz", "awscc_a", "", "aws_"]
        {
            assert!(!registry.knows(unknown), "{unknown}");
        }
    }
}
