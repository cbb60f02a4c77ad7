# Written by scripts/terraform-docs.py of what modules/portico says.

variable "accepted_roles" {
  description = "Roles of a customer's user, as the Marketplace's token names them, that may be linked and handed over."
  type        = list(string)
  default     = ["account_admin", "project_editor"]
  nullable    = false
}

variable "alert_channels" {
  description = "Notification channels that exist already and that alerts go to, beside alert_email."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "alert_email" {
  description = "E-mail address that every alert goes to: the channel is made for it. Without it and without alert_channels alerts are seen on the dashboard alone."
  type        = string
  default     = null
}

variable "application_login_url" {
  description = "The application's own login page, where a visit ends that has no hand-off. null: `/login` below application_url."
  type        = string
  default     = null
}

variable "application_rate_limit_per_minute" {
  description = "Requests a minute that one address may send to `/usage` and `/service-account-links` together, behind the load balancer. A request of the application's may have 10,000 records of usage, and all its instances may come from one address."
  type        = number
  default     = 1200
  nullable    = false
}

variable "application_signup_url" {
  description = "Where the hand-off of a customer is posted. null: `/signup` below application_url."
  type        = string
  default     = null
}

variable "application_url" {
  description = "The application's address. May be left out where application_login_url and application_signup_url are both said."
  type        = string
  default     = null
}

variable "approval_policy" {
  description = "What happens to orders that wait for approval: auto approves them, manual leaves them to the operator."
  type        = string
  nullable    = false
}

variable "budget" {
  description = "What the project may cost in a calendar month before the billing account's administrators and alert_email are notified, at half, at all of it, and where it is foreseen. The currency is that of the billing account. null: no budget is made."
  type = object({
    billing_account = string
    amount          = number
    currency        = optional(string)
  })
  default = null
}

variable "deletion_protection" {
  description = "Protects the database and the secret against deletion. Switch it off, and apply, before a teardown."
  type        = bool
  default     = true
  nullable    = false
}

variable "domain" {
  description = "The vendor's own host name for the functions, such as marketplace.example.com. null: Cloud Run's addresses."
  type        = string
  default     = null
}

variable "environment" {
  description = "Which of several deployments this is, such as staging: it is in all names and labels, and has a database and a Terraform state of its own. null: the only one. It cannot be changed."
  type        = string
  default     = null
}

variable "erase_after_days" {
  description = "Days from the closing of an account until its personal data is erased. 0: as soon as it is closed. A mistake can be made good until then."
  type        = number
  default     = 30
  nullable    = false
}

variable "existing_load_balancer" {
  description = "With a domain, and load_balancer off: whether the domain leads to a load balancer of your own in this project, so that nothing comes past it to the functions. The output `functions` says which paths are whose."
  type        = bool
  default     = false
  nullable    = false
}

variable "firestore_database" {
  description = "Id of the Firestore database that holds the links. A named one, so that it is nobody else's. null: portico, or prefix and environment."
  type        = string
  default     = null
}

variable "firestore_location" {
  description = "Firestore location, which cannot be changed later, such as europe-west1 or eur3. null: the region."
  type        = string
  default     = null
}

variable "google_client_id" {
  description = "OAuth client of Google sign-in. Needed with the first image when google_sign_in is required: the output google_sign_in_redirect_uris says for which addresses it is made."
  type        = string
  default     = null
}

variable "google_client_secret_version" {
  description = "Version of the OAuth client's secret in Secret Manager. A number, so that a new secret is a deployment that can be rolled back. Needed with the first image when google_sign_in is required."
  type        = string
  default     = null
}

variable "google_sign_in" {
  description = "Whether customers prove by Google sign-in who they are: required or off. README.md says what off leaves open."
  type        = string
  default     = "required"
  nullable    = false
}

variable "grant_usage_role" {
  description = "Whether the right to report usage is given here, which takes rights on `usage_service_name`. false: whoever has them gives it. README.md, \"What each service account may do\"."
  type        = bool
  default     = true
  nullable    = false
}

variable "images" {
  description = "Function → its image by digest, in place of the released one. A function without an image has its service account already and no service yet; scripts/deploy.sh writes those that it has built to images.auto.tfvars.json."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "late_usage" {
  description = "Usage whose window is closed: next-window puts it into the open one, refuse refuses it."
  type        = string
  default     = "next-window"
  nullable    = false
}

variable "listing_url" {
  description = "The product's page in the Marketplace."
  type        = string
  nullable    = false
}

variable "load_balancer" {
  description = "With a domain: whether to build the load balancer with its certificate and rate limit. Off where the domain leads to the functions in a way of your own."
  type        = bool
  default     = true
  nullable    = false
}

variable "log_budget_mib_per_day" {
  description = "Mebibytes of Cloud Run's logs a day beyond which an alert is raised. 512 a day are 15 GiB a month, within the free 50."
  type        = number
  default     = 512
  nullable    = false
}

variable "log_level" {
  description = "How much the functions log: error, warn, info or debug."
  type        = string
  default     = "info"
  nullable    = false
}

variable "marketplace_audiences" {
  description = "`aud` values of the Marketplace's tokens: host names as registered in Producer Portal. null: the hosts of the sign-up and login addresses."
  type        = list(string)
  default     = null
}

variable "marketplace_topic" {
  description = "The Marketplace's topic, as Producer Portal shows it once the accounts are linked. null, as in a first apply: no subscription to it yet."
  type        = string
  default     = null
}

variable "max_instances" {
  description = "Upper bound of instances of each function that browsers and the application call: a bound of costs. One instance answers some hundred requests a second."
  type        = number
  default     = 10
  nullable    = false
}

variable "message_regions" {
  description = "Regions in which Pub/Sub may keep messages, such as europe-west1, where an organization demands it. Empty: as the organization's policy says, or wherever they are published."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "metrics" {
  description = "The metrics declared in Producer Portal, each with its plan and type, such as pro/requests:int64; in the name of a plan a comma is written %2C, a slash %2F and a percent sign %25. null: the product has no usage-based prices, and there is no usage-report."
  type        = list(string)
  default     = null
}

variable "objective_percent" {
  description = "Of 100 requests to sign-up and login in four weeks, how many shall be answered without a fault of ours. Alerts come when errors are so frequent that this cannot be kept."
  type        = number
  default     = 99.5
  nullable    = false
}

variable "operators" {
  description = "Who applies this configuration, such as user:ops@example.com: may act as the service account that subscribes to the Marketplace."
  type        = set(string)
  nullable    = false
}

variable "paging_channels" {
  description = "Notification channels that wake somebody: alerts of severity CRITICAL go to them too."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "prefix" {
  description = "Begins the name of everything here. Short, because ids of service accounts are."
  type        = string
  default     = "portico"
  nullable    = false
}

variable "procurement_provider" {
  description = "The vendor's provider id in the Partner Procurement API, such as example-partner."
  type        = string
  nullable    = false
}

variable "products" {
  description = "Product ids that this deployment serves: orders of others are not taken up, and taking one out ends no access."
  type        = list(string)
  nullable    = false
}

variable "project" {
  description = "Id of the Google Cloud project, best one that holds nothing else."
  type        = string
  nullable    = false
}

variable "rate_limit_per_minute" {
  description = "Requests a minute that one address may send to what customers' browsers call, behind the load balancer. A visit takes up to six, and a whole company may come from one address."
  type        = number
  default     = 120
  nullable    = false
}

variable "reconcile_every_minutes" {
  description = "How often everything is compared with the Marketplace. A round has to be finished within an hour, and each round reads every customer: README.md, \"Sizes\"."
  type        = number
  default     = 15
  nullable    = false
}

variable "region" {
  description = "Region of the functions, their images and jobs, such as europe-west1."
  type        = string
  nullable    = false
}

variable "release" {
  description = <<-TEXT
    Released images, by digest. null: those that the release named which this module is from; a checkout of the
    repository is from none.
      registry  where they are published: what is before the function's name, such as ghcr.io/OWNER/portico
      digests   function → digest
  TEXT

  type = object({
    registry = string
    digests  = map(string)
  })
  default = null
}

variable "runbook_url" {
  description = "Where your copy of runbook.md is read, such as https://git.example.com/portico/terraform/runbook.md: each alert links to its part of it. null: alerts name it."
  type        = string
  default     = null
}

variable "scheduler_region" {
  description = "Region of Cloud Scheduler's jobs, which is not in all of Cloud Run's. null: the region."
  type        = string
  default     = null
}

variable "secret_locations" {
  description = "Regions in which the OAuth client's secret is kept. Empty: the region. It cannot be changed later."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "service_account_link" {
  description = <<-TEXT
    Gives each customer a service account, and the application the address of Google's page where the
    customer grants it access. null: the application works in no customer's project.
      service_name      the product's service name, as Google's Partner Engineer registered it
      callers           service accounts with which the application calls: each its e-mail, or `EMAIL=UNIQUE_ID`, which
                        accepts no other account that is made at the address of a deleted one
      roles             registered roles, without `roles/`: those that a call may ask for
      project           project that holds the customers' accounts, and best nothing else; null: this one, which is
                        refused unless service_account_project_shared accepts it
      redirect_domains  registered hosts to which Google's page may lead back, *.example.com for all
                        below example.com; null: it leads nowhere back
      console_host      host of Google's page
  TEXT

  type = object({
    service_name     = string
    callers          = list(string)
    roles            = list(string)
    project          = optional(string)
    redirect_domains = optional(list(string))
    console_host     = optional(string, "console.cloud.google.com")
  })
  default = null
}

variable "service_account_project_shared" {
  description = "Whether customers' service accounts may be in the deployment's own project: refused, or accepted for a deployment that already has them there. Who may create accounts in a project can make one at the address of any that was deleted, and all share the project's quota."
  type        = string
  default     = "refused"
  nullable    = false
}

variable "signup_form_fields" {
  description = "The registration form's fields among company, name, email, phone and website; `?` after one that may stay empty."
  type        = list(string)
  default     = ["company", "name", "email"]
  nullable    = false
}

variable "signup_mode" {
  description = "auto: sign-up is one click; form: the customer fills in a form."
  type        = string
  default     = "auto"
  nullable    = false
}

variable "support_url" {
  description = "Where a customer finds help."
  type        = string
  nullable    = false
}

variable "tell_of_earlier_orders" {
  description = "Whether your application is told, as of new ones, of orders that were in force before the first deployment. They are found by the first reconciliation: set it before that. MOVING.md has more."
  type        = bool
  default     = false
  nullable    = false
}

variable "usage_callers" {
  description = "Service accounts with which the application records usage: each its e-mail, or `EMAIL=UNIQUE_ID`, which accepts no other account that is made at the address of a deleted one."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "usage_service_name" {
  description = "The product's service name, to which usage is reported, as Google's Partner Engineer registered it. Several products have usage_service_names."
  type        = string
  default     = null
}

variable "usage_service_names" {
  description = "With several products: product id → the service name to which its usage is reported. Usage of a product that is left out is refused."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "user_labels" {
  description = "Whether usage is reported by its labels, on or off. Google must have enabled it for the service."
  type        = string
  default     = "off"
  nullable    = false
}

variable "vendor_name" {
  description = "The vendor's name, as customers know it."
  type        = string
  nullable    = false
}

variable "zero_usage" {
  description = "Hours without usage: skip reports nothing, report reports zero of every metric of the plan."
  type        = string
  default     = "skip"
  nullable    = false
}
