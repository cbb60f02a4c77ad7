//! The built program.

use function_tests::customer_program::CustomerProgram;
use function_tests::program::Program;

pub(crate) const PROGRAM: CustomerProgram = CustomerProgram {
    program: Program(env!("CARGO_BIN_EXE_sso-login")),
    path: "/login",
    outcome: "handed-over",
};
