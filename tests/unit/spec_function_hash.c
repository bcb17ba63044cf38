#include "spec_function_case.h"

/* The same arguments give this in Terraform's console, or a mistake there too. */
static const struct function_case same[] = {
	{ "base64sha256", "[\"hello\"]", "\"LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=\"" },
	{ "base64sha512", "[\"hello\"]",
	  "\"m3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1wuXDre9G9zvN"
	  "7AQw==\"" },
	{ "cidrhost", "[\"10.12.112.0/20\",16]", "\"10.12.112.16\"" },
	{ "cidrhost", "[\"10.12.112.0/20\",268]", "\"10.12.113.12\"" },
	{ "cidrhost", "[\"10.0.0.0/24\",-1]", "\"10.0.0.255\"" },
	{ "cidrhost", "[\"10.0.0.0/24\",256]", "!E0267 a network of prefix 24 has no host 256" },
	{ "cidrhost", "[\"10.0.0.0/24\",-257]", "!E0267 a network of prefix 24 has no host -257" },
	{ "cidrhost", "[\"10.0.0.0/24\",-256]", "\"10.0.0.0\"" },
	{ "cidrhost", "[\"fd00:fd12:3456:7890:00a2::/72\",34]", "\"fd00:fd12:3456:7890::22\"" },
	{ "cidrhost", "[\"10.0.0.5/24\",1]", "\"10.0.0.1\"" },
	{ "cidrhost", "[\"10.0.0.0\",1]",
	  "!E0267 '10.0.0.0' is no network such as 10.0.0.0/16 or fd00::/56" },
	{ "cidrhost", "[\"10.0.0.0/33\",1]",
	  "!E0267 '10.0.0.0/33' is no network such as 10.0.0.0/16 or fd00::/56" },
	{ "cidrhost", "[\"010.0.0.0/8\",1]", "\"10.0.0.1\"" },
	{ "cidrhost", "[\"::/0\",5]", "\"::5\"" },
	{ "cidrhost", "[\"10.0.0.0/24\",1.5]", "!E0263 'cidrhost' takes a whole number here" },
	{ "cidrhost", "[\"fe80::/64\",-1]", "\"fe80::ffff:ffff:ffff:ffff\"" },
	{ "cidrnetmask", "[\"172.16.0.0/12\"]", "\"255.240.0.0\"" },
	{ "cidrnetmask", "[\"fd00::/8\"]", "!E0267 networks of IPv6 have no netmask" },
	{ "cidrnetmask", "[\"1.2.3.4/0\"]", "\"0.0.0.0\"" },
	{ "cidrnetmask", "[\"x\"]", "!E0267 'x' is no network such as 10.0.0.0/16 or fd00::/56" },
	{ "cidrsubnet", "[\"172.16.0.0/12\",4,2]", "\"172.18.0.0/16\"" },
	{ "cidrsubnet", "[\"10.1.2.0/24\",4,15]", "\"10.1.2.240/28\"" },
	{ "cidrsubnet", "[\"10.1.2.0/24\",4,16]",
	  "!E0267 4 more bits of prefix have no subnet 16" },
	{ "cidrsubnet", "[\"10.1.2.0/24\",9,0]",
	  "!E0267 a prefix of 24 bits can grow by 0 to 8 bits" },
	{ "cidrsubnet", "[\"fd00:fd12:3456:7890::/56\",16,162]",
	  "\"fd00:fd12:3456:7800:a200::/72\"" },
	{ "cidrsubnet", "[\"10.1.2.3/24\",4,1]", "\"10.1.2.16/28\"" },
	{ "cidrsubnet", "[\"10.0.0.0/8\",0,0]", "\"10.0.0.0/8\"" },
	{ "cidrsubnet", "[\"fd00::/8\",33,0]", "\"fd00::/41\"" },
	{ "cidrsubnet", "[\"fd00::/8\",120,1]", "\"fd00::1/128\"" },
	{ "cidrsubnet", "[\"10.0.0.0/8\",\"8\",\"1\"]", "\"10.1.0.0/16\"" },
	{ "cidrsubnets", "[\"10.1.0.0/16\",4,4,8,4]",
	  "[\"10.1.0.0/20\",\"10.1.16.0/20\",\"10.1.32.0/24\",\"10.1.48.0/20\"]" },
	{ "cidrsubnets", "[\"10.1.0.0/16\"]", "[]" },
	{ "cidrsubnets", "[\"10.0.0.0/8\",1,1,1]", "!E0267 there is no room left for this subnet" },
	{ "cidrsubnets", "[\"10.0.0.0/8\",33]",
	  "!E0267 a prefix of 8 bits can grow by 0 to 24 bits" },
	{ "cidrsubnets", "[\"fd00::/56\",4,8]", "[\"fd00::/60\",\"fd00:0:0:10::/64\"]" },
	{ "cidrsubnets", "[\"10.0.0.0/8\",0]", "!E0267 a prefix grows by 1 to 32 bits here" },
	{ "cidrsubnets", "[\"10.0.0.0/8\",8,4,8]",
	  "[\"10.0.0.0/16\",\"10.16.0.0/12\",\"10.32.0.0/16\"]" },
	{ "md5", "[\"hello\"]", "\"5d41402abc4b2a76b9719d911017c592\"" },
	{ "sha1", "[\"hello\"]", "\"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d\"" },
	{ "sha256", "[\"hello\"]",
	  "\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\"" },
	{ "sha512", "[\"hello\"]",
	  "\"9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c"
	  "7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043\"" },
	{ "uuidv5", "[\"dns\",\"example.com\"]", "\"cfbff0d1-9375-5685-968c-48ce8b15ae17\"" },
	{ "uuidv5", "[\"url\",\"http://x\"]", "\"c059942f-567e-54eb-aeb5-5fd9830bce43\"" },
	{ "uuidv5", "[\"oid\",\"1.2\"]", "\"b4fe3335-a2ae-5c75-889c-b1247a0f6f02\"" },
	{ "uuidv5", "[\"x500\",\"CN=x\"]", "\"955bb643-faf8-5f69-a3de-891b89fea215\"" },
	{ "uuidv5", "[\"6ba7b810-9dad-11d1-80b4-00c04fd430c8\",\"example.com\"]",
	  "\"cfbff0d1-9375-5685-968c-48ce8b15ae17\"" },
	{ "uuidv5", "[\"nope\",\"x\"]", "!E0265 a namespace is dns, url, oid, x500 or a UUID" },
	{ "uuidv5", "[\"6BA7B810-9DAD-11D1-80B4-00C04FD430C8\",\"x\"]",
	  "\"05b16a01-46c6-56dd-bd6e-c6dfb4a1427a\"" },
	{ "uuidv5", "[\"6ba7b8109dad11d180b400c04fd430c8\",\"x\"]",
	  "\"05b16a01-46c6-56dd-bd6e-c6dfb4a1427a\"" },
	{ "uuidv5", "[\"{6ba7b810-9dad-11d1-80b4-00c04fd430c8}\",\"x\"]",
	  "\"05b16a01-46c6-56dd-bd6e-c6dfb4a1427a\"" },
	{ "uuidv5", "[\"urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8\",\"x\"]",
	  "\"05b16a01-46c6-56dd-bd6e-c6dfb4a1427a\"" },
};

CASES_TEST(same, NULL)

static const struct function_case own[] = {
	{ "sha256", "[\"UNKNOWN\"]", "?3" },
	{ "sha256", "[\"SECRET:x\"]", "\"(secret)\"" },
	{ "file", "[\"a\"]", "!E0270 there are no files here" },
	{ "cidrhost", "[\"::/0\", -1]", "\"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\"" },
	{ "cidrhost", "[\"::ffff:1.2.3.4/128\", 0]", "\"::ffff:102:304\"" },
	{ "cidrsubnet", "[\"10.0.0.0/8\", 8, -1]",
	  "!E0267 8 more bits of prefix have no subnet -1" },
};

CASES_TEST(own, NULL)

static void fill(TCase *tc)
{
	CASES_ADD(tc, same);
	CASES_ADD(tc, own);
}

int main(void)
{
	return unit_run("spec_function_hash", fill);
}
