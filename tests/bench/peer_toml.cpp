// The peer of read_toml.c: toml++, as Debian builds it, on the same text.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

int main(int argc, char **argv)
{
	if (argc != 3)
		return EXIT_FAILURE;
	std::ifstream file(argv[1], std::ios::binary);
	const std::string text{ std::istreambuf_iterator<char>(file), {} };

	for (long i = 0; i < std::strtol(argv[2], nullptr, 10); i++) {
		const auto start = std::chrono::steady_clock::now();
		{
			const toml::table table = toml::parse(text);
			if (table.empty())
				return EXIT_FAILURE;
		}
		const std::chrono::duration<double, std::milli> took =
			std::chrono::steady_clock::now() - start;
		std::printf("%.3f\n", took.count());
	}
	return EXIT_SUCCESS;
}
