//! The built program.

pub(crate) use function_tests::customers_program::environment;
use function_tests::program::Program;

pub(crate) const PROGRAM: Program = Program(env!("CARGO_BIN_EXE_sso-login"));
