# What is deployed, and where. No default for the project or the region: whoever deploys says where.

variable "deletion_protection" {
  description = "Protects the database and the secret against deletion. Switch it off, and apply, before a teardown."
  type        = bool
  default     = true
  nullable    = false
}

variable "environment" {
  description = "Which of several deployments this is, such as staging: it is in all names and labels, and has a database and a Terraform state of its own. null: the only one. It cannot be changed."
  type        = string
  default     = null

  validation {
    condition     = var.environment == null || can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", var.environment))
    error_message = "environment must be lower-case letters, digits and hyphens that begin with a letter, such as staging."
  }

  validation {
    condition     = length(join("-", compact([var.prefix, var.environment]))) <= 19
    error_message = "environment must be so short that it has at most 19 characters together with prefix and the hyphen between them: ids of service accounts have 30."
  }
}

variable "firestore_database" {
  description = "Id of the Firestore database that holds the links. A named one, so that it is nobody else's. null: portico, or prefix and environment."
  type        = string
  default     = null

  validation {
    condition     = var.firestore_database == null || can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.firestore_database))
    error_message = "firestore_database must be 4 to 63 lower-case letters, digits and hyphens that begin with a letter, such as portico."
  }
}

variable "firestore_location" {
  description = "Firestore location, which cannot be changed later, such as europe-west1 or eur3. null: the region."
  type        = string
  default     = null

  validation {
    condition     = var.firestore_location == null || can(regex("^[a-z]+([0-9]|-[a-z]+[0-9]+)$", var.firestore_location))
    error_message = "firestore_location must be a region such as europe-west1, or a multi-region: eur3 or nam5."
  }
}

variable "images" {
  description = "Function → its image by digest, in place of the released one. A function without an image has its service account already and no service yet; scripts/deploy.sh writes those that it has built to images.auto.tfvars.json."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.images) : contains(keys(local.functions), name)])
    error_message = "images must have names of functions as keys: ${join(", ", keys(local.functions))}."
  }

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("^[^@\\s]+@sha256:[0-9a-f]{64}$", image))])
    error_message = "images must be named by digest, such as europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:0123…, because a tag may change its meaning."
  }
}

variable "max_instances" {
  description = "Upper bound of instances of each function that browsers and the application call: a bound of costs. One instance answers some hundred requests a second."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.max_instances >= 1 && var.max_instances <= 100 && floor(var.max_instances) == var.max_instances
    error_message = "max_instances must be a whole number from 1 to 100."
  }
}

variable "message_regions" {
  description = "Regions in which Pub/Sub may keep messages, such as europe-west1, where an organization demands it. Empty: as the organization's policy says, or wherever they are published."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for region in var.message_regions : can(regex("^[a-z]+-[a-z]+[0-9]+$", region))])
    error_message = "message_regions must be regions such as europe-west1."
  }
}

variable "operators" {
  description = "Who applies this configuration, such as user:ops@example.com: may act as the service account that subscribes to the Marketplace."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.operators) > 0 && alltrue([for member in var.operators : can(regex("^((user|group|serviceAccount):[^@\\s:]+@[^@\\s:]+|principal(Set)?://iam\\.googleapis\\.com/\\S+)$", member))])
    error_message = "operators must be at least one member such as user:ops@example.com, group:ops@example.com, serviceAccount:deploy@project.iam.gserviceaccount.com or principalSet://iam.googleapis.com/…."
  }
}

variable "prefix" {
  description = "Begins the name of everything here. Short, because ids of service accounts are."
  type        = string
  default     = "portico"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,7}[a-z0-9])?$", var.prefix))
    error_message = "prefix must be 1 to 9 lower-case letters, digits and hyphens that begin with a letter and do not end with a hyphen, such as portico."
  }
}

variable "project" {
  description = "Id of the Google Cloud project, best one that holds nothing else."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project must be a project id (not its name or number) of 6 to 30 lower-case letters, digits and hyphens, such as vendor-marketplace."
  }
}

variable "region" {
  description = "Region of the functions, their images and jobs, such as europe-west1."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region such as europe-west1 (not a zone such as europe-west1-b)."
  }
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

  validation {
    condition     = var.release == null || can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+(/[a-z0-9._-]+)+$", var.release.registry))
    error_message = "release.registry must be a host and a path without scheme and tag, such as ghcr.io/example/portico."
  }

  validation {
    condition     = var.release == null || alltrue([for digest in try(values(var.release.digests), [""]) : can(regex("^sha256:[0-9a-f]{64}$", digest))])
    error_message = "release.digests must be digests such as sha256:0123…, because a tag may change its meaning."
  }

  validation {
    condition     = var.release == null || alltrue([for name in try(keys(var.release.digests), []) : contains(keys(local.functions), name)])
    error_message = "release.digests must have names of functions as keys: ${join(", ", keys(local.functions))}."
  }
}

variable "scheduler_region" {
  description = "Region of Cloud Scheduler's jobs, which is not in all of Cloud Run's. null: the region."
  type        = string
  default     = null

  validation {
    condition     = var.scheduler_region == null || can(regex("^[a-z]+-[a-z]+[0-9]+$", var.scheduler_region))
    error_message = "scheduler_region must be a region such as europe-west1."
  }
}

variable "secret_locations" {
  description = "Regions in which the OAuth client's secret is kept. Empty: the region. It cannot be changed later."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for region in var.secret_locations : can(regex("^[a-z]+-[a-z]+[0-9]+$", region))])
    error_message = "secret_locations must be regions such as europe-west1."
  }
}
