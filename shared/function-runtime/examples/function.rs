//! A whole function, as small as one can be: `main`, a handler with one route,
//! and its one error. The process tests of this crate start it.

use std::process::ExitCode;

use function_runtime::start::{self, Function};
use function_runtime::{
    Base, Env, Failure, Handler, Problems, Reader, Rejection, Request, Response, Variable, parse,
    problem, text, variables,
};
use http::{Method, StatusCode};

const GREETING: Variable = Variable::required("GREETING", "what callers read");

const FUNCTION: Function = Function {
    name: "function",
    about: "greets",
    version: env!("CARGO_PKG_VERSION"),
    variables: &[
        variables::PORT,
        variables::PUBLIC_URL,
        variables::LOG_LEVEL,
        variables::GOOGLE_ORIGIN,
        GREETING,
    ],
};

fn main() -> ExitCode {
    start::main(&FUNCTION, |env| {
        let config = Config::read(env)?;
        Ok((config.base.address(), move || Greeter(config.greeting)))
    })
}

struct Config {
    base: Base,
    greeting: String,
}

impl Config {
    fn read(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::new(env);
        let base = Base::read(&mut reader);
        let greeting = reader.required(&GREETING, |text| parse::text(text, 100));
        reader.finish(|| {
            Some(Self {
                base: base?,
                greeting: greeting?,
            })
        })
    }
}

struct Greeter(String);

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("there is no such path")]
    NoSuchPath,
    #[error("the path has no such method")]
    NoSuchMethod,
}

impl Failure for Error {
    fn rejection(&self) -> Rejection {
        match self {
            Self::NoSuchPath => Rejection::not_found(),
            Self::NoSuchMethod => Rejection::method_not_allowed("GET"),
        }
    }
}

impl Handler for Greeter {
    type Error = Error;

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match (&request.method, request.path()) {
            (&Method::GET, "/greeting") => Ok(text(StatusCode::OK, self.0.clone())),
            (_, "/greeting") => Err(Error::NoSuchMethod),
            // A mistake that a compiler cannot see, for the tests: what it quotes must not be logged.
            (_, "/mistake") => Ok(text(StatusCode::OK, quoted(request.uri.query()))),
            _ => Err(Error::NoSuchPath),
        }
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        problem(rejection)
    }
}

#[expect(clippy::expect_used, reason = "the panic is what is shown")]
fn quoted(query: Option<&str>) -> String {
    let number: Result<u8, _> = query.unwrap_or_default().parse().map_err(|_| query);
    number.expect("a query is a number").to_string()
}
