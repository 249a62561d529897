/*
 * StellarSolver as a resident process. Prints its version, then answers each line of standard input with one line:
 *
 *     {"path", "folders", "profile", "timeout", "scale"?: [low, high] arcsec/px, "position"?: [ra, dec, radius] degrees}
 *     {"solved", "cpu_s", "ra", "dec", "scale"} or {"error"}
 *
 * `profile` is an index of SSolver::Parameters::ParametersProfile. Decoding is part of the answer.
 */
#include <QCoreApplication>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>
#include <fitsio.h>
#include <iostream>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "stellarsolver.h"

namespace {

struct Picture {
  FITSImage::Statistic facts;
  std::vector<uint8_t> pixels;
};

void describe(Picture &picture, long width, long height, uint32_t type, int bytesPerPixel) {
  picture.facts.width = static_cast<uint16_t>(width);
  picture.facts.height = static_cast<uint16_t>(height);
  picture.facts.channels = 1;
  picture.facts.dataType = type;
  picture.facts.bytesPerPixel = bytesPerPixel;
  picture.facts.samples_per_channel = static_cast<uint32_t>(width * height);
  picture.facts.size = width * height * bytesPerPixel;
  picture.pixels.resize(static_cast<size_t>(picture.facts.size));
}

/** The first plane of the first image of a FITS file, in the type that it is stored in where StellarSolver takes it. */
bool readFits(const QString &path, Picture &picture) {
  fitsfile *file = nullptr;
  int status = 0, stored = 0, axes = 0;
  long sizes[3] = {0, 0, 0};
  if (fits_open_image(&file, QFile::encodeName(path).constData(), READONLY, &status)) return false;
  fits_get_img_equivtype(file, &stored, &status);
  fits_get_img_dim(file, &axes, &status);
  fits_get_img_size(file, 3, sizes, &status);
  if (status == 0 && axes >= 2) {
    const int type = stored == BYTE_IMG     ? TBYTE
                     : stored == USHORT_IMG ? TUSHORT
                     : stored == SHORT_IMG  ? TSHORT
                                            : TFLOAT;
    describe(picture, sizes[0], sizes[1], static_cast<uint32_t>(type), type == TBYTE ? 1 : type == TFLOAT ? 4 : 2);
    fits_read_img(file, type, 1, sizes[0] * sizes[1], nullptr, picture.pixels.data(), nullptr, &status);
  }
  int closing = 0;
  fits_close_file(file, &closing);
  return status == 0 && axes >= 2;
}

/** Everything that Qt decodes, as 8-bit grey. */
bool readPicture(const QString &path, Picture &picture) {
  QImage image(path);
  if (image.isNull()) return false;
  image = image.convertToFormat(QImage::Format_Grayscale8);
  describe(picture, image.width(), image.height(), TBYTE, 1);
  for (int y = 0; y < image.height(); y++) {
    const uchar *line = image.constScanLine(y);
    std::copy(line, line + image.width(), picture.pixels.begin() + static_cast<long>(y) * image.width());
  }
  return true;
}

double cpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval &time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

QJsonObject answer(const QJsonObject &question) {
  const QString path = question["path"].toString();
  const double before = cpuSeconds();
  Picture picture;
  if (!readPicture(path, picture) && !readFits(path, picture)) return {{"error", "the image cannot be read"}};

  StellarSolver solver(SSolver::SOLVE, picture.facts, picture.pixels.data());
  const auto profiles = StellarSolver::getBuiltInProfiles();
  SSolver::Parameters parameters = profiles.at(question["profile"].toInt());
  const QJsonArray position = question["position"].toArray();
  if (!position.isEmpty()) parameters.search_radius = position[2].toDouble();
  solver.setParameters(parameters);
  QStringList folders;
  for (const auto folder : question["folders"].toArray()) folders << folder.toString();
  solver.setIndexFolderPaths(folders);
  const QJsonArray scale = question["scale"].toArray();
  if (!scale.isEmpty()) solver.setSearchScale(scale[0].toDouble(), scale[1].toDouble(), SSolver::ARCSEC_PER_PIX);
  if (!position.isEmpty()) solver.setSearchPositionInDegrees(position[0].toDouble(), position[1].toDouble());

  QTimer::singleShot(static_cast<int>(question["timeout"].toDouble() * 1000), &solver, [&solver] { solver.abort(); });
  const bool solved = solver.solve();
  QJsonObject result{{"solved", solved}, {"cpu_s", cpuSeconds() - before}};
  if (solved) {
    const auto &solution = solver.getSolution();
    result["ra"] = solution.ra;
    result["dec"] = solution.dec;
    result["scale"] = solution.pixscale;
  }
  return result;
}

void print(const QJsonObject &object) {
  std::cout << QJsonDocument(object).toJson(QJsonDocument::Compact).constData() << std::endl;
}

}  // namespace

int main(int argc, char *argv[]) {
  QCoreApplication app(argc, argv);
  QJsonArray profiles;
  for (const auto &profile : StellarSolver::getBuiltInProfiles()) profiles << profile.listName;
  print({{"version", StellarSolver::getVersionNumber()}, {"profiles", profiles}});
  for (std::string line; std::getline(std::cin, line);)
    print(answer(QJsonDocument::fromJson(QByteArray::fromStdString(line)).object()));
}
