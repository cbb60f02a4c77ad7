//! Requests that are not what the Marketplace sends.

use crate::function::TestFunction;

function_tests::request_fault_tests!(TestFunction);
