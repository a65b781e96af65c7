//! The command line: one definition from which help, man page and completions derive.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Who holds which duty on AWS, and whether yours is done.
///
/// onus makes the AWS Shared Responsibility Model executable: it reads Terraform and CloudFormation, works out
/// for every resource which duties are AWS's, which are yours and which are split, and checks that yours are done.
#[derive(Debug, Parser)]
#[command(name = "onus", version, about, long_about, max_term_width = 110, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 nothing open at or above the chosen severity; 1 open duties; 2 the input or the catalog could not be read or understood.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read an estate; say who holds which duty, and whether yours are done
    Assess(AssessArgs),
    /// The responsibility matrix: services, layers and verbs, with words on both sides
    Matrix(MatrixArgs),
    /// Why: the class, shift, predicate, values and source behind an answer
    Explain(ExplainArgs),
    /// What a change does to the line between AWS and you
    Diff(DiffArgs),
    /// What onus knows: check it, list it, show it
    #[command(subcommand)]
    Catalog(CatalogCommand),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

/// How to read an estate.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ReadArgs {
    /// A value for a Terraform variable
    #[arg(long = "var", value_name = "NAME=VALUE", help_heading = "Input")]
    pub(crate) variables: Vec<String>,
    /// A file with values for Terraform variables
    #[arg(long = "var-file", value_name = "FILE", help_heading = "Input")]
    pub(crate) variable_files: Vec<String>,
    /// A value for a CloudFormation parameter
    #[arg(long = "parameter", value_name = "NAME=VALUE", help_heading = "Input")]
    pub(crate) parameters: Vec<String>,
    /// A folder of your own catalog files, with the same rights as the built-in ones; one with a model.yaml replaces them
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub(crate) catalog: Vec<String>,
    /// The day for which the model holds (default: today)
    #[arg(long, value_name = "YYYY-MM-DD", help_heading = "Input")]
    pub(crate) as_of: Option<String>,
    /// Only controls of this service, layer, severity, or this control
    #[arg(long, value_name = "WORD", value_delimiter = ',', help_heading = "Selection")]
    pub(crate) only: Vec<String>,
    /// No controls of this service, layer, severity, or not this control
    #[arg(long, value_name = "WORD", value_delimiter = ',', help_heading = "Selection")]
    pub(crate) skip: Vec<String>,
    /// The Regions where content may be: resources in other ones are open duties
    #[arg(long, value_name = "REGION", value_delimiter = ',', help_heading = "Selection")]
    pub(crate) allowed_regions: Vec<String>,
    /// No progress bar
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
}

#[derive(Args, Debug)]
pub(crate) struct AssessArgs {
    /// Folders, templates, plans or states
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// The report format; several are written at once, each to the --output of the same position
    #[arg(long, short, value_enum, value_delimiter = ',', help_heading = "Output")]
    pub(crate) format: Vec<FormatArg>,
    /// Where to write; the ending chooses the format where none is given
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Vec<String>,
    /// Exit with 1 if a duty of this severity or a worse one is open
    #[arg(long, value_enum, default_value = "low", help_heading = "Output")]
    pub(crate) fail_on: FailOn,
}

#[derive(Args, Debug)]
pub(crate) struct MatrixArgs {
    /// Folders, templates, plans or states; without them, the services of --service
    pub(crate) paths: Vec<String>,
    /// Services, by id: s3, rds, lambda
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) service: Vec<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// The format
    #[arg(long, short, value_enum, default_value = "terminal")]
    pub(crate) format: TableFormat,
    /// Where to write
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// A resource's address, a type, a control's id, a shift's id, or ADDRESS LAYER/VERB
    #[arg(required = true, num_args = 1..=2)]
    pub(crate) what: Vec<String>,
    /// Where to look for the resource
    #[arg(long = "in", value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// The format
    #[arg(long, short, value_enum, default_value = "terminal")]
    pub(crate) format: ExplainFormat,
}

#[derive(Args, Debug)]
pub(crate) struct DiffArgs {
    /// The estate before: a folder, a plan, or a JSON report
    pub(crate) base: String,
    /// The estate after
    pub(crate) head: String,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// The format
    #[arg(long, short, value_enum, default_value = "terminal")]
    pub(crate) format: DiffFormat,
    /// Where to write
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// Exit with 1 if a duty of this severity or a worse one was opened
    #[arg(long, value_enum, default_value = "never")]
    pub(crate) fail_on: FailOn,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Check a catalog folder: every reference, predicate, example and case
    Check {
        /// A whole catalog, or with --extends additions to the built-in one
        #[arg(default_value = "catalog")]
        folder: String,
        /// The folder adds to the built-in catalog
        #[arg(long)]
        extends: bool,
        /// Only these services' mistakes, examples and cases; may be repeated
        #[arg(long, value_name = "SERVICE")]
        only: Vec<String>,
    },
    /// List services, types, shifts or controls
    List {
        /// What to list
        #[arg(value_enum, default_value = "summary")]
        what: ListWhat,
        /// With the pages that say it, and the day on which they were read
        #[arg(long)]
        basis: bool,
    },
    /// Show a service, type, shift or control
    Show {
        /// Its id
        id: String,
        /// The format
        #[arg(long, short, value_enum, default_value = "terminal")]
        format: ExplainFormat,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    Terminal,
    Json,
    Markdown,
    Html,
    Sarif,
    Csv,
    Junit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    Terminal,
    Json,
    Markdown,
    Html,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Terminal,
    Json,
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    Terminal,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum FailOn {
    Low,
    Medium,
    High,
    Critical,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListWhat {
    Summary,
    Services,
    Types,
    Shifts,
    Controls,
    Pages,
}
